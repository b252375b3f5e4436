package podium.engine.jvm.wasm;

import java.util.ArrayList;

/// The operand stack and the control stack of validation (core specification, appendix "Validation
/// algorithm"), and the position that errors name.
final class ValidationStacks {

    private static final int MAX_DEPTH = 100_000;

    /// An open construct; the function itself is a BLOCK.
    static final class Frame {
        final int opcode;
        final Signature type;
        final int height;
        boolean unreachable;

        Frame(int opcode, Signature type, int height) {
            this.opcode = opcode;
            this.type = type;
            this.height = height;
        }

        String labelTypes() {
            return opcode == Opcodes.LOOP ? type.parameters() : type.results();
        }
    }

    private final OperandStack operands = new OperandStack();
    private final ArrayList<Frame> frames = new ArrayList<>();

    /// Where the current instruction starts.
    int at;

    MalformedModule invalid(String message) {
        return new MalformedModule(message, at);
    }

    MalformedModule mismatch() {
        return invalid("type mismatch");
    }

    // ---- operands

    char popAny() {
        var frame = frames.getLast();
        if (operands.size() == frame.height) {
            if (frame.unreachable) return Types.ANY;
            throw mismatch();
        }
        return operands.pop();
    }

    void pop(char type) {
        char actual = popAny();
        if (actual != type && actual != Types.ANY && type != Types.ANY) throw mismatch();
    }

    void pop(String types) {
        for (int i = types.length() - 1; i >= 0; i--) pop(types.charAt(i));
    }

    void push(char type) {
        operands.push(type);
    }

    void push(String types) {
        for (int i = 0; i < types.length(); i++) operands.push(types.charAt(i));
    }

    void apply(String parameters, String results) {
        pop(parameters);
        push(results);
    }

    /// An instruction's operand types followed by its result type.
    void apply(String signature) {
        int last = signature.length() - 1;
        for (int i = last - 1; i >= 0; i--) pop(signature.charAt(i));
        operands.push(signature.charAt(last));
    }

    /// Pops operands of these types and pushes what was popped.
    void check(String types) {
        var popped = new char[types.length()];
        for (int i = types.length() - 1; i >= 0; i--) {
            popped[i] = popAny();
            if (popped[i] != types.charAt(i) && popped[i] != Types.ANY) throw mismatch();
        }
        for (char type : popped) operands.push(type);
    }

    /// How many operands there were so far.
    int pushed() {
        return operands.pushed();
    }

    /// How many there were at once.
    int deepest() {
        return operands.deepest();
    }

    // ---- control

    boolean ended() {
        return frames.isEmpty();
    }

    int depth() {
        return frames.size();
    }

    /// Opens a construct whose parameters were popped.
    void open(int opcode, Signature type) {
        openWith(opcode, type, type.parameters());
    }

    /// Opens a construct that starts with operands other than its parameters.
    void openWith(int opcode, Signature type, String first) {
        if (frames.size() > MAX_DEPTH) throw invalid("nesting too deep");
        frames.add(new Frame(opcode, type, operands.size()));
        push(first);
    }

    /// Closes the innermost construct; its results are popped.
    Frame close() {
        var frame = frames.getLast();
        pop(frame.type.results());
        if (operands.size() != frame.height) throw mismatch();
        frames.removeLast();
        return frame;
    }

    void unreachable() {
        var frame = frames.getLast();
        operands.truncate(frame.height);
        frame.unreachable = true;
    }

    Frame label(int depth) {
        if (depth < 0 || depth >= frames.size()) throw invalid("unknown label");
        return frames.get(frames.size() - 1 - depth);
    }
}
