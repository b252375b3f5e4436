package podium.engine.jvm.ir;

import podium.engine.jvm.wasm.VectorOpcodes.Vector;

/// Numbers into vectors and out of them, with 64-bit arithmetic.
final class Lanes {

    private static final int I32_AND = 0x71;
    private static final int I32_EXTEND8 = 0xc0;
    private static final int I32_EXTEND16 = 0xc1;
    private static final int I32_WRAP = 0xa7;
    private static final int I64_EXTEND_U = 0xad;
    private static final int I64_SHL = 0x86;
    private static final int I64_SHR_U = 0x88;
    private static final int I64_MUL = 0x7e;
    private static final int I64_AND = 0x83;
    private static final int I64_OR = 0x84;
    private static final int I32_OF_F32 = 0xbc;
    private static final int I64_OF_F64 = 0xbd;
    private static final int F32_OF_I32 = 0xbe;
    private static final int F64_OF_I64 = 0xbf;

    private final VectorStack vectors;

    Lanes(VectorStack vectors) {
        this.vectors = vectors;
    }

    private static Expr unary(int op, char type, Expr a) {
        return new Expr(op, type).operands(a).sealed();
    }

    private static Expr binary(int op, char type, Expr a, Expr b) {
        return new Expr(op, type).operands(a, b).sealed();
    }

    private static Expr constant(long bits) {
        return Halves.bits(bits, 'J');
    }

    private static int width(Vector vector) {
        return 128 / vector.lanes();
    }

    // ---- extract

    Expr extract(Vector vector, int lane) {
        vectors.settle(2);
        int position = lane * width(vector);
        var half = vectors.popHalves().half(position >> 6);
        if (vector.result() == 'J') return vectors.movable(half).as('J');
        return value(vector, half, position & 63);
    }

    /// The lane at a bit of a half, as the instruction's result.
    private static Expr value(Vector vector, Expr half, int shift) {
        if (vector.result() == 'D') return unary(F64_OF_I64, 'D', half);
        var bits = unary(I32_WRAP, 'I', shifted(half, shift));
        if (vector.result() == 'F') return unary(F32_OF_I32, 'F', bits);
        boolean signed = vector.name().endsWith("_s");
        return switch (width(vector)) {
            case 8 -> signed ? unary(I32_EXTEND8, 'I', bits) : masked(bits, 0xff);
            case 16 -> signed ? unary(I32_EXTEND16, 'I', bits) : masked(bits, 0xffff);
            default -> bits;
        };
    }

    private static Expr shifted(Expr half, int shift) {
        return shift == 0 ? half : binary(I64_SHR_U, 'J', half, constant(shift));
    }

    private static Expr masked(Expr value, int mask) {
        return binary(I32_AND, 'I', value, Expr.number(mask));
    }

    /// The lane of a vector as an i64 whose low bits count, for a store.
    Expr raw(Halves vector, int width, int lane) {
        int position = lane * width;
        return shifted(vector.half(position >> 6).as('J'), position & 63);
    }

    // ---- replace

    Halves replace(Vector vector, int lane) {
        vectors.settle(3);
        var value = vectors.pop();
        return replace(vectors.popHalves(), bits(value, width(vector)), width(vector), lane);
    }

    /// @param vector settled
    /// @param bits an i64 with nothing above the lane's width
    Halves replace(Halves vector, Expr bits, int width, int lane) {
        int position = lane * width;
        var halves = new Expr[] {vectors.movable(vector.low()), vectors.movable(vector.high())};
        int index = position >> 6;
        int shift = position & 63;
        if (width == 64) {
            halves[index] = movedBits(bits);
        } else {
            long mask = (1L << width) - 1 << shift;
            var rest = binary(I64_AND, 'J', halves[index], constant(~mask));
            halves[index] = binary(I64_OR, 'J', rest, placed(bits, shift));
        }
        return new Halves(halves[0], halves[1]);
    }

    private Expr movedBits(Expr bits) {
        return bits.isSimple() ? vectors.movable(bits) : bits;
    }

    private static Expr placed(Expr bits, int shift) {
        return shift == 0 ? bits : binary(I64_SHL, 'J', bits, constant(shift));
    }

    /// A number as an i64 with nothing above its width.
    private static Expr bits(Expr value, int width) {
        return switch (value.type) {
            case 'F' -> unary(I64_EXTEND_U, 'J', unary(I32_OF_F32, 'I', value));
            case 'D' -> unary(I64_OF_F64, 'J', value);
            case 'I' ->
                    unary(I64_EXTEND_U, 'J', width == 32 ? value : masked(value, (1 << width) - 1));
            default -> value;
        };
    }

    // ---- splat

    Halves splat(Vector vector) {
        return splat(vectors.pop(), width(vector));
    }

    /// A number in every lane; evaluated at once.
    Halves splat(Expr value, int width) {
        var bits = bits(value, width);
        if (width < 64) {
            long ones = Long.divideUnsigned(-1, (1L << width) - 1);
            bits = binary(I64_MUL, 'J', bits, constant(ones));
        }
        var half = vectors.evaluated(bits);
        return new Halves(half, half);
    }
}
