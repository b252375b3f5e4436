package podium.engine.jvm.ir;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block.Terminator;

/// The block under construction, and the operand stack with it.
final class BlockBuilder {

    /// A block larger than this is cut, so that every method can be made small enough.
    private static final int MAX_BLOCK = 1_200;

    /// Blocks of a function that are compiled in bounded time and memory.
    private static final int MAX_BLOCKS = 500_000;

    /// Likewise bytes of code, as estimated.
    private static final int MAX_CODE = 32 << 20;

    private int code;

    final FunctionIr function;
    final ValueStack stack;

    /// The block being filled, or null in unreachable code.
    @Nullable Block block;

    /// The beginning of the loop that new blocks are in, or null.
    @Nullable Block loop;

    /// Where exceptions thrown in new blocks go, or null.
    @Nullable Block handler;

    /// Where in the binary the instruction being translated begins.
    int position;

    BlockBuilder(FunctionIr function, ValueStack stack) {
        this.function = function;
        this.stack = stack;
    }

    boolean dead() {
        return block == null;
    }

    /// The block being filled, in code that is reachable.
    private Block open() {
        return Objects.requireNonNull(block);
    }

    /// Counts an instruction of the block.
    void count() {
        if (block != null) block.weight++;
    }

    /// Counts what a call of a function of the guest's pays for it.
    void countCall() {
        open().weight += Weights.CALL;
        function.calls = true;
    }

    void start(Block next) {
        if (function.blocks.size() == MAX_BLOCKS)
            throw new TooComplex("more than " + MAX_BLOCKS + " blocks");
        next.order = function.blocks.size();
        next.handler = handler;
        next.loop = loop;
        next.start = position;
        function.blocks.add(next);
        resume(next);
    }

    /// Goes on in a block that was left.
    void resume(Block left) {
        block = left;
        stack.setBlock(left);
    }

    void terminate(Terminator kind, @Nullable Expr value, Block... successors) {
        var block = open();
        block.finish(kind, value, successors);
        for (var successor : successors) successor.references++;
        close(block);
    }

    private void close(Block block) {
        block.end = position;
        code += block.cost;
        if (code > MAX_CODE) throw new TooComplex("more than " + MAX_CODE + " bytes of Java code");
        this.block = null;
    }

    void goTo(Block next) {
        terminate(Terminator.GOTO, null, next);
    }

    /// Throws; the block's handler catches it.
    void raise(Expr exception) {
        open().calls = true;
        terminate(Terminator.THROW, exception);
    }

    void statement(Expr e) {
        stack.flush();
        open().add(e);
    }

    void cutIfLarge() {
        if (block != null && block.cost > MAX_BLOCK) cut();
    }

    /// Goes on in a block of its own.
    void cut() {
        stack.settleAll();
        var next = new Block();
        goTo(next);
        start(next);
    }

    /// Goes on in a block where an interpreter chooses what the next instruction does.
    void dispatch(int address) {
        cut();
        open().dispatched = address;
    }

    /// Ends the block where an interpreter can go on in specialised code.
    void enter(int address, int code) {
        var before = open();
        before.entered = address;
        before.enteredCode = code;
        cut();
    }

    void returnResults() {
        stack.flush();
        var results = popAll(function.signature.results().length());
        var block = open();
        block.finish(results);
        close(block);
    }

    /// Pops some operands, in the order they were pushed.
    Expr[] popAll(int count) {
        var operands = new Expr[count];
        for (int i = count - 1; i >= 0; i--) operands[i] = stack.pop();
        return operands;
    }

    // ---- branches

    /// Leaves the current block for a label, the label's operands on top of the stack.
    void branch(ControlFrame to) {
        stack.flush();
        moveOperands(to);
        goTo(to.target);
    }

    private void moveOperands(ControlFrame to) {
        var types = to.labelTypes();
        int base = stack.size() - types.length();
        for (int i = 0; i < types.length(); i++)
            stack.assign(stack.place(to.height + i, types.charAt(i)), stack.get(base + i));
    }

    /// The block a conditional branch to a label goes to: the label's own, or one that moves the
    /// operands first.
    Block edge(ControlFrame to) {
        var types = to.labelTypes();
        int base = stack.size() - types.length();
        boolean inPlace = true;
        for (int i = 0; i < types.length() && inPlace; i++) {
            var e = stack.get(base + i);
            inPlace = e.isGet() && e.index == stack.place(to.height + i, types.charAt(i));
        }
        if (inPlace) return to.target;
        var saved = open();
        var edge = new Block();
        start(edge);
        moveOperands(to);
        goTo(to.target);
        resume(saved);
        return edge;
    }

    /// Makes the stack what it is where control joins: the operands below the construct, then these
    /// in their places.
    void pushPlaces(ControlFrame frame, String types) {
        stack.truncate(frame.height);
        for (int i = 0; i < types.length(); i++)
            stack.push(stack.placeValue(frame.height + i, types.charAt(i)));
    }
}
