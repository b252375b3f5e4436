package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Objects;
import podium.engine.jvm.ir.Block.Terminator;
import podium.engine.jvm.wasm.CallTargets;
import podium.engine.jvm.wasm.Cursor;
import podium.engine.jvm.wasm.FunctionValidator;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.WasmModule;

/// Translates a validated body to blocks of expression trees: this class does blocks and branches,
/// [ExceptionBuilder] and [TailCallBuilder] what leaves them, [InstructionBuilder] the rest.
public final class IrBuilder {

    /// A switch with more targets than this is cut: every target costs four bytes.
    private static final int MAX_SWITCH = 512;

    private final WasmModule module;
    private final FunctionIr function;
    private final Cursor in;
    private final ValueStack stack;
    private final BlockBuilder blocks;
    private final InstructionBuilder instructions;
    private final ExceptionBuilder exceptions;
    private final TailCallBuilder tails;
    private final ArrayList<ControlFrame> frames = new ArrayList<>();

    private IrBuilder(WasmModule module, int index, CallTargets callTargets) {
        this.module = module;
        var body = module.body(index);
        in = new Cursor(module.bytes, body.start(), body.end());
        var signature = module.signature(index);
        var locals = FunctionValidator.locals(in, signature);
        function = new FunctionIr(index, signature.halved(), locals);
        if (!module.memories.isEmpty()) function.memory = module.memories.getFirst();
        stack = new ValueStack(function);
        blocks = new BlockBuilder(function, stack);
        instructions = new InstructionBuilder(module, function, in, stack, blocks);
        exceptions = new ExceptionBuilder(module, in, blocks, frames);
        tails = new TailCallBuilder(module, callTargets, blocks, instructions);
    }

    public static FunctionIr build(WasmModule module, int function, CallTargets callTargets) {
        return new IrBuilder(module, function, callTargets).build();
    }

    private FunctionIr build() {
        blocks.position = in.position();
        blocks.start(function.entry);
        var body =
                new ControlFrame(
                        Opcodes.BLOCK, new Signature("", function.signature.results()), false);
        frames.add(body);
        while (!frames.isEmpty()) {
            blocks.position = instructions.position = in.position();
            int op = in.u8();
            if (Opcodes.executes(op)) blocks.count();
            instruction(op);
            if (!frames.isEmpty()) blocks.cutIfLarge();
        }
        tails.finish();
        return function;
    }

    // ---- instructions

    private void instruction(int op) {
        switch (op) {
            case Opcodes.BLOCK,
                    Opcodes.LOOP,
                    Opcodes.IF,
                    Opcodes.ELSE,
                    Opcodes.TRY,
                    Opcodes.TRY_TABLE,
                    Opcodes.END ->
                    block(op);
            case Opcodes.CATCH -> exceptions.catchTag(frames.getLast(), in.count());
            case Opcodes.CATCH_ALL -> exceptions.catchAll(frames.getLast());
            case Opcodes.DELEGATE -> exceptions.delegate(in.count());
            case Opcodes.THROW -> exceptions.throwTag(in.count());
            case Opcodes.THROW_REF -> exceptions.throwReference();
            case Opcodes.RETHROW -> exceptions.rethrow(in.count());
            case Opcodes.UNREACHABLE, Opcodes.BR, Opcodes.BR_IF, Opcodes.BR_TABLE, Opcodes.RETURN ->
                    branch(op);
            case Opcodes.RETURN_CALL -> {
                int callee = in.count();
                if (!blocks.dead()) tails.call(callee);
            }
            case Opcodes.RETURN_CALL_INDIRECT -> {
                int type = in.count();
                int table = in.count();
                if (!blocks.dead()) tails.callIndirect(type, table);
            }
            default -> {
                boolean dead = blocks.dead();
                instructions.translate(op, dead);
                if (!dead) function.calls |= instructions.calls;
            }
        }
    }

    private void block(int op) {
        switch (op) {
            case Opcodes.ELSE -> otherwise(frames.getLast());
            case Opcodes.END -> end(frames.removeLast());
            default -> {
                var type = FunctionValidator.blockType(module, in).halved();
                var clauses = op == Opcodes.TRY_TABLE ? exceptions.clauses() : null;
                open(op, type);
                if (clauses != null) frames.getLast().clauses = clauses;
            }
        }
    }

    private void branch(int op) {
        boolean dead = blocks.dead();
        switch (op) {
            case Opcodes.UNREACHABLE -> {
                if (dead) return;
                stack.flush();
                blocks.terminate(Terminator.UNREACHABLE, null);
            }
            case Opcodes.BR -> {
                int depth = in.count();
                if (!dead) blocks.branch(label(depth));
            }
            case Opcodes.BR_IF -> {
                int depth = in.count();
                if (!dead) branchIf(depth);
            }
            case Opcodes.BR_TABLE -> {
                var depths = new int[in.length() + 1];
                for (int i = 0; i < depths.length; i++) depths[i] = in.count();
                if (!dead) branchTable(depths);
            }
            default -> {
                if (!dead) blocks.returnResults();
            }
        }
    }

    // ---- branches

    private ControlFrame label(int depth) {
        return frames.get(frames.size() - 1 - depth);
    }

    private void branchIf(int depth) {
        var condition = stack.pop();
        stack.flush();
        var taken = blocks.edge(label(depth));
        var next = new Block();
        blocks.terminate(Terminator.IF, condition, taken, next);
        blocks.start(next);
    }

    private void branchTable(int[] depths) {
        var selector = stack.pop();
        stack.flush();
        var edges = new HashMap<Integer, Block>();
        var targets = new Block[depths.length];
        for (int i = 0; i < depths.length; i++)
            targets[i] = edges.computeIfAbsent(depths[i], depth -> blocks.edge(label(depth)));
        if (targets.length <= MAX_SWITCH) {
            blocks.terminate(Terminator.SWITCH, selector, targets);
            return;
        }
        int place = stack.place(stack.size(), 'I');
        stack.assign(place, selector);
        largeSwitch(place, targets);
    }

    /// Tests ranges of the selector one after the other, each with a switch of its own.
    private void largeSwitch(int selector, Block[] targets) {
        int last = targets.length - 1;
        for (int from = 0; ; from += MAX_SWITCH) {
            int to = Math.min(from + MAX_SWITCH, last);
            var part = new Block[to - from + 1];
            System.arraycopy(targets, from, part, 0, to - from);
            var get = Expr.get(selector, 'I');
            var base = Expr.number(from);
            var rest = new Block();
            part[to - from] = to == last ? targets[last] : rest;
            blocks.terminate(
                    Terminator.SWITCH, new Expr(0x6b, 'I').operands(get, base).sealed(), part);
            if (to == last) return;
            blocks.start(rest);
        }
    }

    // ---- constructs

    private void open(int op, Signature type) {
        boolean dead = blocks.dead();
        var frame = new ControlFrame(op, type, dead);
        frame.handler = frame.outerHandler = blocks.handler;
        frames.add(frame);
        if (dead) return;
        var condition = op == Opcodes.IF ? stack.pop() : null;
        stack.settleAll();
        frame.height = stack.size() - type.parameters().length();
        stack.settleTop(type.parameters().length());
        switch (op) {
            case Opcodes.LOOP -> {
                frame.target.loopHeader = true;
                frame.target.weight = 1;
                frame.outerLoop = blocks.loop;
                frame.target.outerLoop = blocks.loop;
                frame.target.loops = 1 + (blocks.loop == null ? 0 : blocks.loop.loops);
                blocks.goTo(frame.target);
                blocks.loop = frame.target;
                blocks.start(frame.target);
            }
            case Opcodes.IF -> {
                var then = new Block();
                frame.otherwise = new Block();
                blocks.terminate(Terminator.IF, condition, then, frame.otherwise);
                blocks.start(then);
            }
            case Opcodes.TRY, Opcodes.TRY_TABLE -> exceptions.open(frame);
            default -> {}
        }
    }

    private void otherwise(ControlFrame frame) {
        if (frame.dead) return;
        if (!blocks.dead()) blocks.branch(frame);
        blocks.start(Objects.requireNonNull(frame.otherwise));
        frame.otherwise = null;
        blocks.pushPlaces(frame, frame.type.parameters());
    }

    private void endLoop(ControlFrame loop) {
        blocks.loop = loop.outerLoop;
    }

    private void end(ControlFrame frame) {
        if (frame.dead) return;
        if (frame.opcode == Opcodes.LOOP) {
            endLoop(frame);
            return;
        }
        if (!blocks.dead()) blocks.branch(frame);
        if (frame.otherwise != null) {
            blocks.start(frame.otherwise);
            blocks.goTo(frame.target);
        }
        if (frame.opcode == Opcodes.TRY || frame.opcode == Opcodes.TRY_TABLE)
            exceptions.close(frame);
        blocks.pushPlaces(frame, frame.type.results());
        if (frame.target.references == 0) return;
        blocks.start(frame.target);
        if (frames.isEmpty()) blocks.returnResults();
    }
}
