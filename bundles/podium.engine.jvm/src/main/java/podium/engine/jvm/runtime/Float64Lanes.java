package podium.engine.jvm.runtime;

/// Vector instructions on lanes of 64 bits that are floating-point numbers, one in each half of a
/// vector.
/// Called by compiled code; each method has its instruction's name (core specification, section
/// 4.4.3).
public final class Float64Lanes {

    private Float64Lanes() {}

    private static double value(long a) {
        return Double.longBitsToDouble(a);
    }

    private static long bits(double a) {
        return Double.doubleToRawLongBits(a);
    }

    private static long mask(boolean condition) {
        return condition ? -1 : 0;
    }

    // ---- comparisons

    public static long eq(long a, long b) {
        return mask(value(a) == value(b));
    }

    public static long ne(long a, long b) {
        return mask(value(a) != value(b));
    }

    public static long lt(long a, long b) {
        return mask(value(a) < value(b));
    }

    public static long gt(long a, long b) {
        return mask(value(a) > value(b));
    }

    public static long le(long a, long b) {
        return mask(value(a) <= value(b));
    }

    public static long ge(long a, long b) {
        return mask(value(a) >= value(b));
    }

    // ---- arithmetic

    public static long abs(long a) {
        return a & ~Long.MIN_VALUE;
    }

    public static long neg(long a) {
        return a ^ Long.MIN_VALUE;
    }

    public static long sqrt(long a) {
        return bits(Math.sqrt(value(a)));
    }

    public static long add(long a, long b) {
        return bits(value(a) + value(b));
    }

    public static long sub(long a, long b) {
        return bits(value(a) - value(b));
    }

    public static long mul(long a, long b) {
        return bits(value(a) * value(b));
    }

    public static long div(long a, long b) {
        return bits(value(a) / value(b));
    }

    public static long min(long a, long b) {
        return bits(Numeric.min(value(a), value(b)));
    }

    public static long max(long a, long b) {
        return bits(Numeric.max(value(a), value(b)));
    }

    /// The second where it is less, else the first, bit by bit.
    public static long pmin(long a, long b) {
        return Int64Lanes.bitselect(b, a, lt(b, a));
    }

    /// The second where it is greater, else the first, bit by bit.
    public static long pmax(long a, long b) {
        return Int64Lanes.bitselect(b, a, lt(a, b));
    }

    public static long ceil(long a) {
        return bits(Numeric.ceil(value(a)));
    }

    public static long floor(long a) {
        return bits(Numeric.floor(value(a)));
    }

    public static long trunc(long a) {
        return bits(Numeric.truncate(value(a)));
    }

    public static long nearest(long a) {
        return bits(Math.rint(value(a)));
    }

    public static long relaxedMadd(long a, long b, long c) {
        return bits(value(a) * value(b) + value(c));
    }

    public static long relaxedNmadd(long a, long b, long c) {
        return bits(-(value(a) * value(b)) + value(c));
    }

    // ---- conversions

    public static long convertLowI32x4S(int a) {
        return bits(a);
    }

    public static long convertLowI32x4U(int a) {
        return bits(a & 0xffffffffL);
    }

    public static long promoteLowF32x4(int a) {
        return bits(Float.intBitsToFloat(a));
    }
}
