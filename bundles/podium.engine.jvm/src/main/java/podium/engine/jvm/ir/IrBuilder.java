package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.HashMap;
import podium.engine.jvm.ir.Block.Terminator;
import podium.engine.jvm.wasm.Cursor;
import podium.engine.jvm.wasm.FunctionValidator;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.WasmModule;

/// Translates a validated body to blocks of expression trees: this class does control flow,
/// [InstructionBuilder] the
/// rest.
public final class IrBuilder {

    /// A block larger than this is cut, so that every method can be made small enough.
    private static final int MAX_BLOCK = 1_200;

    /// A switch with more targets than this is cut: every target costs four bytes.
    private static final int MAX_SWITCH = 512;

    private final WasmModule module;
    private final FunctionIr function;
    private final Cursor in;
    private final ValueStack stack;
    private final InstructionBuilder instructions;
    private final ArrayList<ControlFrame> frames = new ArrayList<>();

    /// The block being filled, or null in unreachable code.
    private Block block;

    private Block handler;

    private IrBuilder(WasmModule module, int index) {
        this.module = module;
        var body = module.body(index);
        in = new Cursor(module.bytes, body.start(), body.end());
        var signature = module.signature(index);
        function = new FunctionIr(index, signature, FunctionValidator.locals(in, signature));
        stack = new ValueStack(function);
        instructions = new InstructionBuilder(module, function, in, stack, this::statement);
    }

    public static FunctionIr build(WasmModule module, int function) {
        return new IrBuilder(module, function).build();
    }

    private FunctionIr build() {
        function.entry = new Block();
        start(function.entry);
        var body =
                new ControlFrame(
                        Opcodes.BLOCK, new Signature("", function.signature.results()), false);
        body.end = body.target = new Block();
        frames.add(body);
        while (!frames.isEmpty()) {
            instruction(in.u8());
            if (block != null && block.cost > MAX_BLOCK && !frames.isEmpty()) cut();
        }
        return function;
    }

    // ---- blocks

    private void start(Block next) {
        next.order = function.blocks.size();
        next.handler = handler;
        function.blocks.add(next);
        block = next;
        stack.setBlock(next);
    }

    private void terminate(Terminator kind, Expr value, Block... successors) {
        block.terminator = kind;
        block.value = value;
        block.successors = successors;
        if (value != null) {
            block.cost += value.cost;
            block.calls |= value.effects;
        }
        block.cost += kind == Terminator.SWITCH ? 16 + 3 * successors.length : 4;
        for (var successor : successors) successor.references++;
        block = null;
    }

    private void statement(Expr e) {
        stack.flush();
        block.add(e);
    }

    private void cut() {
        stack.settleAll();
        var next = new Block();
        terminate(Terminator.GOTO, null, next);
        start(next);
    }

    // ---- branches

    /// Leaves the current block for a label, the label's operands on top of the stack.
    private void branch(ControlFrame to) {
        stack.flush();
        moveOperands(to);
        terminate(Terminator.GOTO, null, to.target);
    }

    private void moveOperands(ControlFrame to) {
        var types = to.labelTypes();
        int base = stack.size() - types.length();
        for (int i = 0; i < types.length(); i++)
            stack.assign(stack.place(to.height + i, types.charAt(i)), stack.get(base + i));
    }

    /// The block a conditional branch to a label goes to: the label's own, or one that moves the
    /// operands first.
    private Block edge(ControlFrame to) {
        var types = to.labelTypes();
        int base = stack.size() - types.length();
        boolean inPlace = true;
        for (int i = 0; i < types.length() && inPlace; i++) {
            var e = stack.get(base + i);
            inPlace = e.isGet() && e.index == stack.place(to.height + i, types.charAt(i));
        }
        if (inPlace) return to.target;
        var saved = block;
        var edge = new Block();
        start(edge);
        moveOperands(to);
        terminate(Terminator.GOTO, null, to.target);
        block = saved;
        stack.setBlock(saved);
        return edge;
    }

    private ControlFrame label(int depth) {
        return frames.get(frames.size() - 1 - depth);
    }

    private void branchIf(int depth) {
        var condition = stack.pop();
        stack.flush();
        var taken = edge(label(depth));
        var next = new Block();
        terminate(Terminator.IF, condition, taken, next);
        start(next);
    }

    private void branchTable(int[] depths) {
        var selector = stack.pop();
        stack.flush();
        var edges = new HashMap<Integer, Block>();
        var targets = new Block[depths.length];
        for (int i = 0; i < depths.length; i++)
            targets[i] = edges.computeIfAbsent(depths[i], depth -> edge(label(depth)));
        if (targets.length <= MAX_SWITCH) {
            terminate(Terminator.SWITCH, selector, targets);
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
            var base = Expr.constant(Opcodes.I32_CONST, 'I', from);
            var rest = new Block();
            part[to - from] = to == last ? targets[last] : rest;
            terminate(
                    Terminator.SWITCH,
                    new Expr(0x6b, 'I').operands(get, base, null).sealed(),
                    part);
            if (to == last) return;
            start(rest);
        }
    }

    private void returnResults() {
        stack.flush();
        int count = function.signature.results().length();
        var results = new Expr[count];
        for (int i = count - 1; i >= 0; i--) results[i] = stack.pop();
        block.results = results;
        for (var e : results) block.cost += e.cost + 6;
        terminate(Terminator.RETURN, null);
    }

    // ---- instructions

    private void instruction(int op) {
        boolean dead = block == null;
        switch (op) {
            case Opcodes.BLOCK, Opcodes.LOOP, Opcodes.IF, Opcodes.TRY ->
                    open(op, FunctionValidator.blockType(module, in), dead);
            case Opcodes.ELSE -> otherwise(frames.getLast());
            case Opcodes.CATCH -> catchTag(frames.getLast(), in.count());
            case Opcodes.CATCH_ALL -> catchAll(frames.getLast());
            case Opcodes.DELEGATE -> delegate(in.count());
            case Opcodes.END -> end(frames.removeLast());
            case Opcodes.UNREACHABLE -> {
                if (dead) return;
                stack.flush();
                terminate(Terminator.UNREACHABLE, null);
            }
            case Opcodes.BR -> {
                int depth = in.count();
                if (!dead) branch(label(depth));
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
            case Opcodes.RETURN -> {
                if (!dead) returnResults();
            }
            case Opcodes.THROW -> {
                int tag = in.count();
                if (!dead) throwTag(tag);
            }
            case Opcodes.RETHROW -> {
                int depth = in.count();
                if (dead) return;
                stack.flush();
                block.calls = true;
                terminate(Terminator.THROW, Expr.get(label(depth).caught, 'E'));
            }
            default -> {
                instructions.translate(op, dead);
                if (!dead) function.calls |= instructions.calls;
            }
        }
    }

    private void open(int op, Signature type, boolean dead) {
        var frame = new ControlFrame(op, type, dead);
        frame.handler = frame.outerHandler = handler;
        frames.add(frame);
        if (dead) return;
        var condition = op == Opcodes.IF ? stack.pop() : null;
        stack.settleAll();
        frame.height = stack.size() - type.parameters().length();
        stack.settleTop(type.parameters().length());
        if (op != Opcodes.LOOP) frame.end = frame.target = new Block();
        switch (op) {
            case Opcodes.LOOP -> {
                frame.target = new Block();
                frame.target.loopHeader = true;
                terminate(Terminator.GOTO, null, frame.target);
                start(frame.target);
            }
            case Opcodes.IF -> {
                var then = new Block();
                frame.otherwise = new Block();
                terminate(Terminator.IF, condition, then, frame.otherwise);
                start(then);
            }
            case Opcodes.TRY -> openTry(frame);
            default -> {}
        }
    }

    private void otherwise(ControlFrame frame) {
        if (frame.dead) return;
        if (block != null) branch(frame);
        start(frame.otherwise);
        frame.otherwise = null;
        pushPlaces(frame, frame.type.parameters());
    }

    /// Makes the stack what it is where control joins: the operands below the construct, then these
    /// in their places.
    private void pushPlaces(ControlFrame frame, String types) {
        stack.truncate(frame.height);
        for (int i = 0; i < types.length(); i++)
            stack.push(stack.placeValue(frame.height + i, types.charAt(i)));
    }

    private void end(ControlFrame frame) {
        if (frame.dead) return;
        if (frame.opcode == Opcodes.LOOP) return;
        if (block != null) branch(frame);
        if (frame.otherwise != null) {
            start(frame.otherwise);
            terminate(Terminator.GOTO, null, frame.end);
        }
        if (frame.opcode == Opcodes.TRY) closeTry(frame);
        pushPlaces(frame, frame.type.results());
        if (frame.end.references == 0) return;
        start(frame.end);
        if (frames.isEmpty()) returnResults();
    }

    // ---- exceptions

    private void openTry(ControlFrame frame) {
        function.variables.append('E');
        frame.caught = function.variables.length() - 1;
        frame.dispatch = new Block();
        frame.dispatch.caught = frame.caught;
        frame.handler = handler = frame.dispatch;
        var body = new Block();
        terminate(Terminator.GOTO, null, body);
        start(body);
    }

    /// Ends the body or the previous catch; what follows is outside the `try` as far as exceptions
    /// go.
    private void leaveTryPart(ControlFrame frame) {
        if (block != null) branch(frame);
        frame.handler = handler = frame.outerHandler;
    }

    private void catchTag(ControlFrame frame, int tag) {
        if (frame.dead) return;
        leaveTryPart(frame);
        var body = new Block();
        var rest = new Block();
        start(frame.dispatch);
        var matches =
                new Expr(Expr.TAG_MATCHES, 'I')
                        .index(tag)
                        .operands(Expr.get(frame.caught, 'E'), null, null)
                        .sealed();
        terminate(Terminator.IF, matches, body, rest);
        frame.dispatch = rest;
        start(body);
        var types = module.tagSignature(tag).parameters();
        for (int i = 0; i < types.length(); i++) {
            var value =
                    new Expr(Expr.PAYLOAD, types.charAt(i))
                            .index(i)
                            .operands(Expr.get(frame.caught, 'E'), null, null)
                            .sealed();
            stack.assign(stack.place(frame.height + i, types.charAt(i)), value);
        }
        pushPlaces(frame, types);
    }

    private void catchAll(ControlFrame frame) {
        if (frame.dead) return;
        leaveTryPart(frame);
        start(frame.dispatch);
        frame.dispatch = null;
        stack.truncate(frame.height);
    }

    private void closeTry(ControlFrame frame) {
        handler = frame.outerHandler;
        if (frame.dispatch != null) rethrow(frame, frame.outerHandler);
    }

    private void rethrow(ControlFrame frame, Block to) {
        var saved = handler;
        handler = to;
        start(frame.dispatch);
        block.calls = true;
        terminate(Terminator.THROW, Expr.get(frame.caught, 'E'));
        handler = saved;
    }

    private void delegate(int depth) {
        var frame = frames.removeLast();
        if (frame.dead) return;
        if (block != null) branch(frame);
        handler = frame.outerHandler;
        rethrow(frame, label(depth).handler);
        pushPlaces(frame, frame.type.results());
        if (frame.end.references > 0) start(frame.end);
    }

    private void throwTag(int tag) {
        var types = module.tagSignature(tag).parameters();
        var args = new Expr[types.length()];
        for (int i = args.length - 1; i >= 0; i--) args[i] = stack.pop();
        stack.flush();
        block.calls = true;
        terminate(
                Terminator.THROW, new Expr(Expr.NEW_EXCEPTION, 'E').index(tag).args(args).sealed());
    }
}
