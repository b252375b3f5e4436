package podium.engine.jvm.ir;

import podium.engine.jvm.wasm.Cursor;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.VectorOpcodes;
import podium.engine.jvm.wasm.VectorOpcodes.Vector;

/// Translates the vector instructions to trees over halves: 64-bit arithmetic where that will do,
/// else calls of the run-time library, which are nodes [Expr#VECTOR].
final class VectorBuilder {

    private static final int I32_WRAP = 0xa7;
    private static final int I64_SHR_U = 0x88;
    private static final int I64_XOR = 0x85;
    private static final int I64_AND = 0x83;
    private static final int I64_OR = 0x84;
    private static final int I64_NE = 0x52;

    private final Cursor in;
    private final VectorStack vectors;
    private final InstructionBuilder instructions;
    private final VectorMemory memory;
    private final Lanes lanes;

    VectorBuilder(Cursor in, ValueStack stack, InstructionBuilder instructions) {
        this.in = in;
        this.instructions = instructions;
        vectors = new VectorStack(stack);
        lanes = new Lanes(vectors);
        memory = new VectorMemory(in, vectors, instructions, lanes);
    }

    // ---- instructions that other values have too

    void local(int op, int variable) {
        if (op != Opcodes.LOCAL_GET) vectors.assign(variable, vectors.popHalves());
        if (op != Opcodes.LOCAL_SET)
            vectors.push(new Halves(Expr.get(variable, 'L'), Expr.get(variable + 1, 'H')));
    }

    /// Globals have two fields, told apart by [Expr#imm].
    void global(int op, int index) {
        if (op == Opcodes.GLOBAL_GET) {
            var low = new Expr(op, 'L').index(index).sealed();
            vectors.push(new Halves(low, new Expr(op, 'H').index(index).imm(1).sealed()));
            return;
        }
        vectors.settle(2);
        var value = vectors.popHalves();
        for (int i = 0; i < 2; i++)
            instructions.state(new Expr(op, 'V').index(index).imm(i).operands(value.half(i)));
    }

    void select() {
        vectors.settle(1);
        var condition = vectors.pop();
        var second = vectors.popHalves();
        var first = vectors.popHalves();
        vectors.push(
                new Halves(
                        new Expr(Opcodes.SELECT, 'L')
                                .operands(first.low(), second.low(), condition)
                                .sealed(),
                        new Expr(Opcodes.SELECT, 'H')
                                .operands(first.high(), second.high(), condition)
                                .sealed()));
    }

    // ---- vector instructions

    void translate(int code, boolean dead) {
        var vector = VectorOpcodes.of(code);
        switch (vector.form()) {
            case MEMORY -> memory.translate(code, dead);
            case IMMEDIATE -> immediate(code, dead);
            case EXTRACT, REPLACE -> {
                int lane = in.u8();
                if (!dead) lane(vector, lane);
            }
            default -> {
                if (!dead) compute(vector);
            }
        }
    }

    private void immediate(int code, boolean dead) {
        if (code == VectorOpcodes.CONST) {
            long low = in.f64();
            long high = in.f64();
            if (!dead) vectors.push(Halves.constant(low, high));
            return;
        }
        var bytes = new int[16];
        for (int i = 0; i < bytes.length; i++) bytes[i] = in.u8();
        if (!dead) vectors.push(new Shuffle(vectors, bytes).apply());
    }

    private void lane(Vector vector, int lane) {
        if (vector.form() == VectorOpcodes.Form.EXTRACT)
            instructions.push(lanes.extract(vector, lane));
        else vectors.push(lanes.replace(vector, lane));
    }

    private void compute(Vector vector) {
        switch (vector.form()) {
            case HALVES -> vectors.push(halves(vector));
            case NARROW -> vectors.push(narrow(vector));
            case LOW -> vectors.push(quarters(vector, 0));
            case HIGH -> vectors.push(quarters(vector, 1));
            case ZERO -> {
                var operand = vectors.popHalves();
                vectors.push(
                        new Halves(
                                call(vector, 'L', operand.low(), operand.high()),
                                Halves.bits(0, 'H')));
            }
            case SPLAT -> vectors.push(lanes.splat(vector));
            case SWIZZLE -> vectors.push(swizzle(vector));
            default -> instructions.push(reduce(vector));
        }
    }

    private static Expr call(Vector vector, char type, Expr... operands) {
        return new Expr(Expr.VECTOR | VectorOpcodes.inLibrary(vector.code()), type)
                .operands(operands)
                .sealed();
    }

    /// Each half by itself: of one to three vectors, or of a vector and a shift count.
    private Halves halves(Vector vector) {
        var types = vector.signature();
        int count = types.length() - 1;
        if (types.charAt(count - 1) == 'I') return shift(vector);
        var operands = new Halves[count];
        for (int i = count - 1; i >= 0; i--) operands[i] = vectors.popHalves();
        return new Halves(half(vector, operands, 0), half(vector, operands, 1));
    }

    private static Expr half(Vector vector, Halves[] operands, int index) {
        char type = index == 0 ? 'L' : 'H';
        var halves = new Expr[operands.length];
        for (int i = 0; i < halves.length; i++) halves[i] = operands[i].half(index);
        int plain = plain(vector.code());
        if (plain != 0) return new Expr(plain, type).operands(halves[0], halves[1]).sealed();
        if (vector.code() == VectorOpcodes.NOT)
            return new Expr(I64_XOR, type).operands(halves[0], Halves.bits(-1, type)).sealed();
        return call(vector, type, halves);
    }

    /// The 64-bit instruction that does the same to a half, or 0.
    private static int plain(int code) {
        return switch (code) {
            case VectorOpcodes.AND -> I64_AND;
            case VectorOpcodes.OR -> I64_OR;
            case VectorOpcodes.XOR -> I64_XOR;
            case 0xce -> 0x7c; // i64x2.add
            case 0xd1 -> 0x7d; // i64x2.sub
            case 0xd5 -> 0x7e; // i64x2.mul
            default -> 0;
        };
    }

    private Halves shift(Vector vector) {
        vectors.settle(1);
        var count = vectors.pop();
        var value = vectors.popHalves();
        return new Halves(
                call(vector, 'L', value.low(), count), call(vector, 'H', value.high(), count));
    }

    private Halves narrow(Vector vector) {
        var second = vectors.popHalves();
        var first = vectors.popHalves();
        return new Halves(
                call(vector, 'L', first.low(), first.high()),
                call(vector, 'H', second.low(), second.high()));
    }

    /// Widens one half of each operand, of whose quarters each becomes a half.
    private Halves quarters(Vector vector, int index) {
        int count = vector.signature().length() - 1;
        vectors.settle(2 * count);
        var halves = new Expr[count];
        for (int i = count - 1; i >= 0; i--) {
            var half = vectors.popHalves().half(index);
            halves[i] = index == 0 ? vectors.movable(half) : half;
        }
        return widen(vector, halves);
    }

    static Halves widen(Vector vector, Expr... halves) {
        var low = new Expr[halves.length];
        var high = new Expr[halves.length];
        for (int i = 0; i < halves.length; i++) {
            low[i] = new Expr(I32_WRAP, 'I').operands(halves[i]).sealed();
            var shifted =
                    new Expr(I64_SHR_U, 'J').operands(halves[i], Halves.bits(32, 'J')).sealed();
            high[i] = new Expr(I32_WRAP, 'I').operands(shifted).sealed();
        }
        return new Halves(call(vector, 'L', low), call(vector, 'H', high));
    }

    private Halves swizzle(Vector vector) {
        vectors.settle(4);
        var selector = vectors.movable(vectors.popHalves());
        var bytes = vectors.movable(vectors.popHalves());
        return new Halves(
                call(vector, 'L', bytes.low(), bytes.high(), selector.low()),
                call(vector, 'H', bytes.low(), bytes.high(), selector.high()));
    }

    private Expr reduce(Vector vector) {
        var operand = vectors.popHalves();
        if (!vector.shape().equals("v128")) return call(vector, 'I', operand.low(), operand.high());
        var any = new Expr(I64_OR, 'J').operands(operand.low(), operand.high()).sealed();
        return new Expr(I64_NE, 'I').operands(any, Halves.bits(0, 'J')).sealed();
    }
}
