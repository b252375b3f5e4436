package podium.engine.jvm.ir;

import java.util.Objects;
import podium.engine.jvm.wasm.Cursor;
import podium.engine.jvm.wasm.MemoryArgument;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;
import podium.engine.jvm.wasm.WasmModule;

/// Translates the instructions that are not control flow: each becomes a node of a tree on the
/// stack, or a statement.
final class InstructionBuilder {

    /// Trees deeper or larger than this are evaluated, so that recursion over trees is bounded.
    static final int MAX_DEPTH = 60;

    static final int MAX_COST = 600;

    private final WasmModule module;
    private final FunctionIr function;
    private final Cursor in;
    private final ValueStack stack;
    private final BlockBuilder blocks;
    private final VectorBuilder vectors;
    private final InterpreterCalls interpreters;
    private boolean dead;

    /// Where in the binary the instruction being translated begins.
    int position;

    /// Whether the last instruction can call or throw.
    boolean calls;

    InstructionBuilder(
            WasmModule module,
            FunctionIr function,
            Cursor in,
            ValueStack stack,
            BlockBuilder blocks) {
        this.module = module;
        this.function = function;
        this.in = in;
        this.stack = stack;
        this.blocks = blocks;
        vectors = new VectorBuilder(in, stack, this);
        interpreters = new InterpreterCalls(stack, blocks);
    }

    /// Translates one instruction whose opcode was just read.
    void translate(int op, boolean dead) {
        this.dead = dead;
        calls = false;
        var numeric = Opcodes.numericSignature(op);
        if (numeric != null) numeric(op, numeric);
        else if (Opcodes.isLoad(op) || Opcodes.isStore(op)) access(op);
        else other(op);
    }

    void push(Expr e) {
        e.position(position).sealed();
        stack.push(e);
        if (e.depth > MAX_DEPTH || e.cost > MAX_COST) stack.flush();
    }

    void state(Expr e) {
        blocks.statement(e.position(position).sealed());
    }

    private void result(Expr e) {
        if (e.type == 'V') state(e);
        else push(e);
    }

    private void numeric(int op, String signature) {
        if (dead) return;
        var e = new Expr(op, signature.charAt(signature.length() - 1));
        if (signature.length() == 3) e.b = stack.pop();
        e.a = stack.pop();
        push(e);
    }

    /// Operands of an access, the address first. It is checked before the others are evaluated; so
    /// they must not have effects, nor traps that would come first.
    private Expr[] withoutEffects(Expr... operands) {
        boolean effects = false;
        for (var e : operands) effects |= e.effects || e.traps;
        if (!effects) return operands;
        for (var e : operands) stack.push(e);
        stack.flush();
        for (int i = operands.length - 1; i >= 0; i--) operands[i] = stack.pop();
        return operands;
    }

    private void access(int op) {
        var at = MemoryArgument.read(in);
        if (dead) return;
        if (Opcodes.isLoad(op)) {
            push(load(op, Opcodes.loadResult(op), stack.pop(), at, 0));
            return;
        }
        var value = stack.pop();
        var address = stack.pop();
        var operands = withoutEffects(address, value);
        store(op, operands[0], operands[1], at, 0);
    }

    /// @param more bytes beyond the offset
    Expr load(int op, char type, Expr address, MemoryArgument at, int more) {
        return new Expr(op, type)
                .index(at.memory())
                .imm(at.offset() + more)
                .position(position)
                .operands(address)
                .sealed();
    }

    void store(int op, Expr address, Expr value, MemoryArgument at, int more) {
        state(
                new Expr(op, 'V')
                        .index(at.memory())
                        .imm(at.offset() + more)
                        .operands(address, value));
    }

    private void other(int op) {
        switch (op) {
            case Opcodes.NOP -> {}
            case Opcodes.CALL -> {
                int callee = in.count();
                if (!dead && !interpreters.call(module.interpreterFunction(callee)))
                    call(op, callee, 0, module.signature(callee).halved());
            }
            case Opcodes.CALL_INDIRECT -> {
                int type = in.count();
                int table = in.count();
                if (!dead) call(op, type, table, module.types.get(type).halved());
            }
            case Opcodes.DROP -> {
                if (!dead) drop();
            }
            case Opcodes.SELECT, Opcodes.SELECT_TYPED -> {
                if (op == Opcodes.SELECT_TYPED) {
                    in.u32();
                    Types.read(in);
                }
                if (!dead) select();
            }
            case Opcodes.PREFIX_SIMD -> vectors.translate(in.u32(), dead);
            case Opcodes.PREFIX_MISC -> misc(Opcodes.PREFIX_MISC << 8 | in.u32());
            case Opcodes.PREFIX_ATOMIC -> atomic(Opcodes.PREFIX_ATOMIC << 8 | in.u32());
            case Opcodes.MEMORY_SIZE, Opcodes.MEMORY_GROW -> {
                int memory = in.count();
                if (dead) return;
                var e = new Expr(op, 'I').index(memory);
                if (op == Opcodes.MEMORY_GROW) e.operands(stack.pop()).effects();
                push(e);
            }
            default -> variable(op);
        }
    }

    private void drop() {
        var value = stack.pop();
        if (value.type == 'H') drop();
        if (!value.isSimple()) state(new Expr(Opcodes.DROP, 'V').operands(value));
    }

    private void select() {
        if (stack.get(stack.size() - 2).type == 'H') {
            vectors.select();
            return;
        }
        var condition = stack.pop();
        var second = stack.pop();
        var first = stack.pop();
        var extremum = Extremum.of(first, second, condition);
        push(
                extremum != null
                        ? extremum
                        : new Expr(Opcodes.SELECT, first.type).operands(first, second, condition));
    }

    private void variable(int op) {
        switch (op) {
            case Opcodes.LOCAL_GET, Opcodes.LOCAL_SET, Opcodes.LOCAL_TEE -> local(op, in.count());
            case Opcodes.GLOBAL_GET, Opcodes.GLOBAL_SET -> {
                int index = in.count();
                if (!dead) global(op, index);
            }
            case Opcodes.TABLE_GET, Opcodes.TABLE_SET -> {
                int table = in.count();
                if (dead) return;
                if (op == Opcodes.TABLE_GET) {
                    push(new Expr(op, element(table)).index(table).operands(stack.pop()));
                    return;
                }
                var value = stack.pop();
                state(new Expr(op, 'V').index(table).operands(stack.pop(), value));
            }
            case Opcodes.I32_CONST -> constant(op, 'I', in.s32());
            case Opcodes.I64_CONST -> constant(op, 'J', in.s64());
            case Opcodes.F32_CONST -> constant(op, 'F', in.f32());
            case Opcodes.F64_CONST -> constant(op, 'D', in.f64());
            case Opcodes.REF_NULL -> constant(op, Types.readHeapType(in), 0);
            case Opcodes.REF_IS_NULL -> {
                if (!dead) push(new Expr(op, 'I').operands(stack.pop()));
            }
            case Opcodes.REF_FUNC -> {
                int index = in.count();
                if (!dead) push(new Expr(op, 'R').index(index));
            }
            default -> throw in.error("illegal opcode " + Integer.toHexString(op));
        }
    }

    private void constant(int op, char type, long bits) {
        if (!dead) stack.push(Expr.constant(op, type, bits));
    }

    private void global(int op, int index) {
        char type = module.globals.get(index).type();
        if (type == 'W') {
            vectors.global(op, index);
            return;
        }
        boolean get = op == Opcodes.GLOBAL_GET;
        var e = new Expr(op, get ? type : 'V').index(index);
        result(get ? e : e.operands(stack.pop()));
    }

    private void local(int op, int local) {
        if (dead) return;
        int variable = function.variable(local);
        char type = function.type(variable);
        if (type == 'L') {
            vectors.local(op, variable);
            return;
        }
        switch (op) {
            case Opcodes.LOCAL_GET -> stack.push(Expr.get(variable, type));
            case Opcodes.LOCAL_SET -> {
                var value = stack.pop();
                stack.flushReads(variable);
                stack.assign(variable, value);
            }
            default -> {
                var value = stack.pop();
                if (stack.reads(variable)) stack.flushReads(variable);
                push(new Expr(op, type).index(variable).operands(value));
            }
        }
    }

    private char element(int table) {
        return Types.letter(module.tables.get(table).element());
    }

    void call(int op, int index, int table, Signature signature) {
        calls = true;
        boolean indirect = op == Opcodes.CALL_INDIRECT;
        if (indirect || index >= module.importedFunctions) blocks.countCall();
        if (CallingConvention.of(signature).usesFields()) stack.flush();
        var selector = indirect ? new Expr[] {stack.pop()} : Expr.NONE;
        var args = new Expr[signature.parameters().length()];
        for (int i = args.length - 1; i >= 0; i--) args[i] = stack.pop();
        var results = signature.results();
        var call =
                new Expr(op, results.length() == 1 ? results.charAt(0) : 'V')
                        .index(index)
                        .imm(table)
                        .args(args)
                        .operands(selector)
                        .effects();
        result(call);
        if (results.length() > 1) results(results);
    }

    /// Takes several results out of the instance's fields, where the callee left them.
    private void results(String types) {
        var results = Expr.results(types);
        for (int i = 0; i < results.length; i++) {
            char type = types.charAt(i);
            int place = stack.place(stack.size(), type);
            stack.assign(place, results[i]);
            stack.push(Expr.get(place, type));
        }
    }

    private void misc(int op) {
        switch (op) {
            case Opcodes.MEMORY_INIT -> {
                int segment = in.count();
                ternary(op, segment, in.count());
            }
            case Opcodes.DATA_DROP, Opcodes.ELEM_DROP -> {
                int segment = in.count();
                if (!dead) state(new Expr(op, 'V').index(segment).effects());
            }
            case Opcodes.TABLE_INIT, Opcodes.TABLE_COPY, Opcodes.MEMORY_COPY -> {
                int first = in.count();
                ternary(op, first, in.count());
            }
            case Opcodes.TABLE_FILL, Opcodes.MEMORY_FILL -> ternary(op, in.count(), 0);
            case Opcodes.TABLE_GROW -> {
                int table = in.count();
                if (dead) return;
                var delta = stack.pop();
                push(new Expr(op, 'I').index(table).operands(stack.pop(), delta).effects());
            }
            case Opcodes.TABLE_SIZE -> {
                int table = in.count();
                if (!dead) push(new Expr(op, 'I').index(table));
            }
            default -> numeric(op, Objects.requireNonNull(Opcodes.numericSignature(op)));
        }
    }

    private void ternary(int op, int index, int second) {
        if (dead) return;
        var c = stack.pop();
        var b = stack.pop();
        state(new Expr(op, 'V').index(index).imm(second).operands(stack.pop(), b, c).effects());
    }

    private void atomic(int op) {
        if (op == Opcodes.ATOMIC_FENCE) {
            in.u8();
            if (!dead) state(new Expr(op, 'V').effects());
            return;
        }
        var at = MemoryArgument.read(in);
        if (dead) return;
        boolean wait = op == Opcodes.ATOMIC_WAIT32 || op == Opcodes.ATOMIC_WAIT64;
        int operation = wait || op == Opcodes.ATOMIC_NOTIFY ? -1 : Opcodes.atomicOperation(op);
        char type =
                switch (operation) {
                    case -1 -> 'I';
                    case 1 -> 'V';
                    default -> Opcodes.atomicType(op);
                };
        int count = wait || operation == 8 ? 3 : operation == 0 ? 1 : 2;
        var operands = new Expr[count];
        for (int i = count - 1; i >= 0; i--) operands[i] = stack.pop();
        operands = withoutEffects(operands);
        result(new Expr(op, type).index(at.memory()).imm(at.offset()).operands(operands).effects());
    }
}
