package podium.engine.v8.wasm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import podium.engine.InterpreterFunction;
import podium.engine.v8.wasm.Addition.Kind;

/// Reads function bodies that V8 has found valid (core specification, section 5.4), as far as it
/// takes to find what they need in addition.
///
/// Fuel is counted by pieces of code that are executed as a whole, if at all: behind each
/// instruction from which control may go elsewhere, or to which it may come, a new one begins. An
/// instruction that does more than to structure code weighs 1, as do a call of a function and a
/// round of a loop.
final class Instructions {

    private final Cursor in;

    /// Where the code section's content begins.
    private final int origin;

    private final boolean metered;
    private final Map<Integer, InterpreterFunction> interpreter;
    private final List<Addition> additions = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private boolean tailCalls;

    /// Of the instruction.
    private int position;

    // ---- the piece of code

    private int start;
    private int weight;

    /// Whether a function or a round of a loop begins there.
    private boolean round;

    /// A call of a function that the engine provides, in the code section's content.
    record Call(InterpreterFunction function, int from, int to) {}

    /// What a body needs, in order.
    record Found(List<Addition> additions, List<Call> calls) {}

    private Instructions(Cursor body, int origin, WasmModule module) {
        in = body;
        this.origin = origin;
        metered = module.metered;
        interpreter = module.interpreter;
    }

    /// What a body needs.
    ///
    /// @param body behind its declarations of locals
    /// @param origin where the code section's content begins
    /// @param module what was read of it before
    /// @throws UnsupportedModule it has instructions that the engine does not support
    static Found find(Cursor body, int origin, WasmModule module) {
        int start = body.position();
        var instructions = new Instructions(body, origin, module);
        instructions.begin(true);
        while (!body.atEnd()) instructions.next();
        instructions.pay();
        var additions = instructions.additions;
        var first = new Addition(start - origin, Kind.CHECKPOINT, 0);
        if (instructions.tailCalls && !additions.contains(first)) additions.add(first);
        additions.sort(Comparator.comparingInt(Addition::position).thenComparing(Addition::kind));
        return new Found(additions, instructions.calls);
    }

    private void add(int at, Kind kind, int amount) {
        additions.add(new Addition(at - origin, kind, amount));
    }

    /// Something that may take long comes.
    private void slow() {
        add(position, Kind.CHECKPOINT, 0);
    }

    /// A new piece of code begins behind what was read.
    private void begin(boolean round) {
        start = in.position();
        weight = round ? 1 : 0;
        this.round = round;
    }

    private void pay() {
        if (metered && weight > 0) add(start, round ? Kind.ROUND : Kind.FUEL, weight);
    }

    private void part(boolean round) {
        pay();
        begin(round);
    }

    private void next() {
        position = in.position();
        int opcode = in.u8();
        if (!structures(opcode)) weight++;
        switch (opcode) {
            case 0xfc -> bulk(in.u32());
            case 0xfd -> vector(in.u32());
            case 0xfe -> atomic(in.u32());
            default -> {
                if (opcode < 0x20) control(opcode);
                else plain(opcode);
            }
        }
        if (parts(opcode)) part(opcode == 0x03);
    }

    /// Blocks and what divides them.
    private static boolean structures(int opcode) {
        return switch (opcode) {
            case 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x0b, 0x18, 0x19, 0x1f -> true;
            default -> false;
        };
    }

    /// Whether control may come to what is behind an instruction without it, or not come there.
    private static boolean parts(int opcode) {
        return switch (opcode) {
            case 0x00,
                    0x03,
                    0x04,
                    0x05,
                    0x07,
                    0x08,
                    0x09,
                    0x0a,
                    0x0b,
                    0x0c,
                    0x0d,
                    0x0e,
                    0x0f,
                    0x12,
                    0x13,
                    0x18,
                    0x19 ->
                    true;
            default -> false;
        };
    }

    private static UnsupportedModule unknown(int prefix, int opcode) {
        var code = (prefix == 0 ? "" : "%02x ".formatted(prefix)) + "%02x".formatted(opcode);
        return new UnsupportedModule("the instruction " + code);
    }

    private void numbers(int count) {
        for (int i = 0; i < count; i++) in.u32();
    }

    private void control(int opcode) {
        switch (opcode) {
            case 0x00, 0x01, 0x05, 0x0b, 0x0f, 0x19, 0x1a, 0x1b -> {}
            case 0x02, 0x03, 0x04, 0x06 -> blockType();
            case 0x07, 0x0c, 0x0d, 0x18 -> numbers(1);
            case 0x08, 0x09, 0x0a -> {
                slow(); // allocates, and searches for handlers
                numbers(opcode == 0x0a ? 0 : 1);
            }
            case 0x0e -> numbers(in.count() + 1);
            case 0x10 -> call();
            case 0x11 -> numbers(2);
            case 0x12, 0x13 -> {
                tailCalls = true;
                numbers(opcode - 0x11);
            }
            case 0x1c -> {
                for (int count = in.count(); count > 0; count--) ModuleReader.value(in.u8());
            }
            case 0x1f -> tryTable();
            default -> throw unknown(0, opcode);
        }
    }

    private void call() {
        var function = interpreter.get(in.count());
        if (function == null) return;
        if (InterpreterCall.isTooShort(function)) add(position, Kind.SPECIALISE, 0);
        calls.add(new Call(function, position - origin, in.position() - origin));
    }

    private void blockType() {
        int first = in.peek();
        if (first == 0x63 || first == 0x64) ModuleReader.value(first);
        in.u32();
    }

    private void tryTable() {
        blockType();
        for (int count = in.count(); count > 0; count--) numbers(in.u8() < 2 ? 2 : 1);
    }

    private void plain(int opcode) {
        if (opcode == 0x40) slow();
        if (opcode <= 0x26 || opcode == 0x3f || opcode == 0x40) numbers(1);
        else if (opcode == 0x27) throw unknown(0, opcode);
        else if (opcode <= 0x3e) memoryArgument();
        else if (opcode <= 0x42) in.skipNumber();
        else if (opcode == 0x43) in.skip(4);
        else if (opcode == 0x44) in.skip(8);
        else if (opcode == 0xd0) ModuleReader.value(in.u8());
        else if (opcode == 0xd2) numbers(1);
        else if (opcode > 0xc4 && opcode != 0xd1) throw unknown(0, opcode);
    }

    private void memoryArgument() {
        boolean named = (in.u32() & 0x40) != 0;
        numbers(named ? 2 : 1);
    }

    /// On stretches of memories and tables, but for conversions and the sizes of tables.
    private void bulk(int opcode) {
        if (opcode > 7 && opcode != 16) slow();
        if (metered)
            switch (opcode) {
                case 8, 10, 11 -> add(position, Kind.BYTES, 0);
                case 12, 14, 15, 17 -> add(position, Kind.ELEMENTS, 0);
                default -> {}
            }
        switch (opcode) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> {}
            case 9, 11, 13, 15, 16, 17 -> numbers(1);
            case 8, 10, 12, 14 -> numbers(2);
            default -> throw unknown(0xfc, opcode);
        }
    }

    private void vector(int opcode) {
        if (opcode <= 0x0b || opcode == 0x5c || opcode == 0x5d) memoryArgument();
        else if (opcode <= 0x0d) in.skip(16);
        else if (opcode >= 0x15 && opcode <= 0x22) in.skip(1);
        else if (opcode >= 0x54 && opcode <= 0x5b) {
            memoryArgument();
            in.skip(1);
        } else if (opcode > 0xff) throw new UnsupportedModule("relaxed vector instructions");
    }

    private void atomic(int opcode) {
        if (opcode == 3) in.skip(1);
        else if (opcode <= 0x4e) memoryArgument();
        else throw unknown(0xfe, opcode);
    }
}
