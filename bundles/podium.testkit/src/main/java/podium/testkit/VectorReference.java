package podium.testkit;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/// What the vector instructions do (core specification, section 4.4.3), lane by lane, in the
/// plainest
/// way. A vector is 16 bytes.
final class VectorReference {

    private VectorReference() {}

    /// The lanes of a shape such as `i8x16`.
    record Shape(boolean floats, int bits, int lanes) {

        static Shape of(String name) {
            int x = name.indexOf('x');
            return new Shape(
                    name.charAt(0) == 'f',
                    Integer.parseInt(name.substring(1, x)),
                    Integer.parseInt(name.substring(x + 1)));
        }

        long signed(byte[] vector, int lane) {
            long value = unsigned(vector, lane);
            return value << 64 - bits >> 64 - bits;
        }

        long unsigned(byte[] vector, int lane) {
            long value = 0;
            for (int i = bits / 8 - 1; i >= 0; i--)
                value = value << 8 | vector[lane * bits / 8 + i] & 0xff;
            return value;
        }

        long lane(byte[] vector, int lane, boolean signed) {
            return signed ? signed(vector, lane) : unsigned(vector, lane);
        }

        void set(byte[] vector, int lane, long value) {
            for (int i = 0; i < bits / 8; i++)
                vector[lane * bits / 8 + i] = (byte) (value >>> 8 * i);
        }

        double number(byte[] vector, int lane) {
            long value = unsigned(vector, lane);
            return bits == 32 ? Float.intBitsToFloat((int) value) : Double.longBitsToDouble(value);
        }

        void set(byte[] vector, int lane, double value) {
            set(
                    vector,
                    lane,
                    bits == 32
                            ? Float.floatToRawIntBits((float) value)
                            : Double.doubleToRawLongBits(value));
        }

        byte[] map(byte[] a, LongUnaryOperator operator) {
            var result = new byte[16];
            for (int i = 0; i < lanes; i++) set(result, i, operator.applyAsLong(i));
            return result;
        }
    }

    private static final Shape BYTES = new Shape(false, 8, 16);

    /// The result of an instruction on vectors: a vector, or a number where that is what it gives.
    ///
    /// @param operands vectors, or a shift count
    static Object apply(String name, Object[] operands) {
        var words = name.split("\\.");
        if (words[0].equals("v128")) return bits(words[1], operands);
        var shape = Shape.of(words[0]);
        var operation = words[1];
        var a = (byte[]) operands[0];
        Object b = operands.length > 1 ? operands[1] : a;
        if (operation.equals("all_true") || operation.equals("bitmask"))
            return reduce(shape, operation, a);
        if (b instanceof Integer count) return shift(shape, operation, a, count);
        if (operation.startsWith("relaxed")) return relaxed(shape, operation, operands);
        if (operation.matches(".*[if]\\d+x.*")) return across(shape, operation, a, (byte[]) b);
        if (operation.equals("swizzle")) return swizzle(a, (byte[]) b);
        return shape.floats
                ? floats(shape, operation, a, (byte[]) b)
                : integers(shape, operation, a, (byte[]) b);
    }

    private static Object bits(String operation, Object[] operands) {
        var a = (byte[]) operands[0];
        var b = operands.length > 1 ? (byte[]) operands[1] : a;
        var c = operands.length > 2 ? (byte[]) operands[2] : a;
        return switch (operation) {
            case "not" -> BYTES.map(a, i -> ~a[(int) i]);
            case "and" -> BYTES.map(a, i -> a[(int) i] & b[(int) i]);
            case "andnot" -> BYTES.map(a, i -> a[(int) i] & ~b[(int) i]);
            case "or" -> BYTES.map(a, i -> a[(int) i] | b[(int) i]);
            case "xor" -> BYTES.map(a, i -> a[(int) i] ^ b[(int) i]);
            case "bitselect" ->
                    BYTES.map(a, i -> a[(int) i] & c[(int) i] | b[(int) i] & ~c[(int) i]);
            case "any_true" -> Arrays.equals(a, new byte[16]) ? 0 : 1;
            default -> throw new IllegalArgumentException(operation);
        };
    }

    private static Object reduce(Shape shape, String operation, byte[] a) {
        int mask = 0;
        boolean all = true;
        for (int i = 0; i < shape.lanes; i++) {
            if (shape.signed(a, i) < 0) mask |= 1 << i;
            all &= shape.signed(a, i) != 0;
        }
        return operation.equals("bitmask") ? mask : all ? 1 : 0;
    }

    private static byte[] shift(Shape shape, String operation, byte[] a, int count) {
        int by = count & shape.bits - 1;
        return shape.map(
                a,
                i ->
                        switch (operation) {
                            case "shl" -> shape.signed(a, (int) i) << by;
                            case "shr_s" -> shape.signed(a, (int) i) >> by;
                            default -> shape.unsigned(a, (int) i) >>> by;
                        });
    }

    private static byte[] swizzle(byte[] a, byte[] selector) {
        return BYTES.map(
                a,
                i -> {
                    int from = selector[(int) i] & 0xff;
                    return from < 16 ? a[from] : 0;
                });
    }

    // ---- integers

    private static long clamp(long value, int bits, boolean signed) {
        long most = signed ? (1L << bits - 1) - 1 : (1L << bits) - 1;
        return Math.clamp(value, signed ? -most - 1 : 0, most);
    }

    private static byte[] integers(Shape shape, String operation, byte[] a, byte[] b) {
        boolean signed = !operation.endsWith("_u");
        var plain = operation.replaceAll("_[su]$", "");
        var operator = operator(shape, plain, signed);
        return shape.map(
                a,
                i ->
                        operator.applyAsLong(
                                shape.lane(a, (int) i, signed), shape.lane(b, (int) i, signed)));
    }

    private static LongBinaryOperator operator(Shape shape, String operation, boolean signed) {
        return switch (operation) {
            case "eq" -> (x, y) -> x == y ? -1 : 0;
            case "ne" -> (x, y) -> x != y ? -1 : 0;
            case "lt" -> (x, y) -> x < y ? -1 : 0;
            case "gt" -> (x, y) -> x > y ? -1 : 0;
            case "le" -> (x, y) -> x <= y ? -1 : 0;
            case "ge" -> (x, y) -> x >= y ? -1 : 0;
            case "abs" -> (x, _) -> Math.abs(x);
            case "neg" -> (x, _) -> -x;
            case "popcnt" -> (x, _) -> Long.bitCount(x & 0xff);
            case "add" -> Long::sum;
            case "sub" -> (x, y) -> x - y;
            case "mul" -> (x, y) -> x * y;
            case "add_sat" -> (x, y) -> clamp(x + y, shape.bits, signed);
            case "sub_sat" -> (x, y) -> clamp(x - y, shape.bits, signed);
            case "min" -> Math::min;
            case "max" -> Math::max;
            case "avgr" -> (x, y) -> (x + y + 1) / 2;
            case "q15mulr_sat" -> (x, y) -> clamp(x * y + 0x4000 >> 15, 16, true);
            default -> throw new IllegalArgumentException(operation);
        };
    }

    // ---- floating-point numbers

    private static byte[] floats(Shape shape, String operation, byte[] a, byte[] b) {
        var result = new byte[16];
        for (int i = 0; i < shape.lanes; i++) {
            double x = shape.number(a, i);
            double y = shape.number(b, i);
            switch (operation) {
                case "eq", "ne", "lt", "gt", "le", "ge" ->
                        shape.set(result, i, compare(operation, x, y) ? -1L : 0);
                case "abs" -> shape.set(result, i, shape.unsigned(a, i) & ~(1L << shape.bits - 1));
                case "neg" -> shape.set(result, i, shape.unsigned(a, i) ^ 1L << shape.bits - 1);
                case "pmin" -> shape.set(result, i, shape.unsigned(y < x ? b : a, i));
                case "pmax" -> shape.set(result, i, shape.unsigned(x < y ? b : a, i));
                default -> shape.set(result, i, arithmetic(operation, x, y));
            }
        }
        return result;
    }

    private static boolean compare(String operation, double x, double y) {
        return switch (operation) {
            case "eq" -> x == y;
            case "ne" -> x != y;
            case "lt" -> x < y;
            case "gt" -> x > y;
            case "le" -> x <= y;
            default -> x >= y;
        };
    }

    /// In double precision, which is exact enough for floats.
    private static double arithmetic(String operation, double x, double y) {
        DoubleBinaryOperator binary =
                switch (operation) {
                    case "add" -> Double::sum;
                    case "sub" -> (p, q) -> p - q;
                    case "mul" -> (p, q) -> p * q;
                    case "div" -> (p, q) -> p / q;
                    case "min" -> Math::min;
                    case "max" -> Math::max;
                    default -> (p, _) -> rounded(operation).applyAsDouble(p);
                };
        return binary.applyAsDouble(x, y);
    }

    private static DoubleUnaryOperator rounded(String operation) {
        return switch (operation) {
            case "sqrt" -> Math::sqrt;
            case "ceil" -> Math::ceil;
            case "floor" -> Math::floor;
            case "trunc" -> x -> x < 0 ? Math.ceil(x) : Math.floor(x);
            case "nearest" -> Math::rint;
            default -> throw new IllegalArgumentException(operation);
        };
    }

    // ---- between shapes

    private static byte[] across(Shape shape, String operation, byte[] a, byte[] b) {
        boolean signed = operation.matches(".*_s(_zero)?");
        var words = operation.split("_");
        var other = shapeIn(words);
        return switch (words[0]) {
            case "narrow" -> narrow(shape, other, signed, a, b);
            case "extend" -> {
                int from = words[1].equals("low") ? 0 : shape.lanes;
                yield shape.map(a, i -> other.lane(a, from + (int) i, signed));
            }
            case "extmul" -> {
                int from = words[1].equals("low") ? 0 : shape.lanes;
                yield shape.map(
                        a,
                        i ->
                                other.lane(a, from + (int) i, signed)
                                        * other.lane(b, from + (int) i, signed));
            }
            case "extadd" ->
                    shape.map(
                            a,
                            i ->
                                    other.lane(a, 2 * (int) i, signed)
                                            + other.lane(a, 2 * (int) i + 1, signed));
            case "dot" -> dot(shape, other, a, b);
            case "trunc" -> truncate(shape, other, signed, a);
            default -> convert(shape, other, signed, a);
        };
    }

    private static Shape shapeIn(String[] words) {
        for (var word : words) if (word.matches("[if]\\d+x\\d+")) return Shape.of(word);
        throw new IllegalArgumentException(String.join("_", words));
    }

    private static byte[] narrow(Shape shape, Shape other, boolean signed, byte[] a, byte[] b) {
        return shape.map(
                a,
                i -> {
                    int lane = (int) i % other.lanes;
                    return clamp(other.signed(i < other.lanes ? a : b, lane), shape.bits, signed);
                });
    }

    private static byte[] dot(Shape shape, Shape other, byte[] a, byte[] b) {
        return shape.map(
                a,
                i -> {
                    int first = 2 * (int) i;
                    return other.signed(a, first) * other.signed(b, first)
                            + other.signed(a, first + 1) * other.signed(b, first + 1);
                });
    }

    private static byte[] truncate(Shape shape, Shape other, boolean signed, byte[] a) {
        return shape.map(
                a,
                i ->
                        i < other.lanes
                                ? clamp((long) other.number(a, (int) i), shape.bits, signed)
                                : 0);
    }

    private static byte[] convert(Shape shape, Shape other, boolean signed, byte[] a) {
        var result = new byte[16];
        for (int i = 0; i < Math.min(shape.lanes, other.lanes); i++)
            shape.set(
                    result,
                    i,
                    other.floats ? other.number(a, i) : (double) other.lane(a, i, signed));
        return result;
    }

    // ---- relaxed, as in the deterministic profile

    private static Object relaxed(Shape shape, String operation, Object[] operands) {
        var plain = operation.substring("relaxed_".length());
        var a = (byte[]) operands[0];
        var b = operands.length > 1 ? (byte[]) operands[1] : a;
        var c = operands.length > 2 ? (byte[]) operands[2] : a;
        return switch (plain) {
            case "swizzle" -> swizzle(a, b);
            case "laneselect" -> bits("bitselect", operands);
            case "min", "max" -> floats(shape, plain, a, b);
            case "q15mulr_s" -> integers(shape, "q15mulr_sat_s", a, b);
            case "madd", "nmadd" -> multiplyAdd(shape, plain, a, b, c);
            case "dot_i8x16_i7x16_s" -> shape.map(a, i -> clamp(dot(a, b, 2 * (int) i), 16, true));
            case "dot_i8x16_i7x16_add_s" ->
                    shape.map(
                            a,
                            i ->
                                    clamp(dot(a, b, 4 * (int) i), 16, true)
                                            + clamp(dot(a, b, 4 * (int) i + 2), 16, true)
                                            + shape.signed(c, (int) i));
            default -> truncate(shape, shapeIn(plain.split("_")), plain.matches(".*_s(_zero)?"), a);
        };
    }

    /// The sum of two products of signed bytes.
    private static long dot(byte[] a, byte[] b, int from) {
        return (long) a[from] * b[from] + (long) a[from + 1] * b[from + 1];
    }

    /// Rounded twice.
    private static byte[] multiplyAdd(Shape shape, String operation, byte[] a, byte[] b, byte[] c) {
        var product = floats(shape, "mul", a, b);
        return floats(
                shape,
                "add",
                operation.equals("madd") ? product : floats(shape, "neg", product, product),
                c);
    }
}
