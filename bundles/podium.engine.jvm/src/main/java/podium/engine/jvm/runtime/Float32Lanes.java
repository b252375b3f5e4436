package podium.engine.jvm.runtime;

/// Vector instructions on lanes of 32 bits that are floating-point numbers, two in each half of a
/// vector.
/// Called by compiled code; each method has its instruction's name (core specification, section
/// 4.4.3).
public final class Float32Lanes {

    private Float32Lanes() {}

    private static final long SIGNS = 0x8000000080000000L;

    private static float first(long a) {
        return Float.intBitsToFloat((int) a);
    }

    private static float second(long a) {
        return Float.intBitsToFloat((int) (a >>> 32));
    }

    private static long pack(float first, float second) {
        return Float.floatToRawIntBits(first) & 0xffffffffL
                | (long) Float.floatToRawIntBits(second) << 32;
    }

    private static long mask(boolean first, boolean second) {
        return (first ? 0xffffffffL : 0) | (second ? -1L << 32 : 0);
    }

    // ---- comparisons

    public static long eq(long a, long b) {
        return mask(first(a) == first(b), second(a) == second(b));
    }

    public static long ne(long a, long b) {
        return mask(first(a) != first(b), second(a) != second(b));
    }

    public static long lt(long a, long b) {
        return mask(first(a) < first(b), second(a) < second(b));
    }

    public static long gt(long a, long b) {
        return mask(first(a) > first(b), second(a) > second(b));
    }

    public static long le(long a, long b) {
        return mask(first(a) <= first(b), second(a) <= second(b));
    }

    public static long ge(long a, long b) {
        return mask(first(a) >= first(b), second(a) >= second(b));
    }

    // ---- arithmetic

    public static long abs(long a) {
        return a & ~SIGNS;
    }

    public static long neg(long a) {
        return a ^ SIGNS;
    }

    public static long sqrt(long a) {
        return pack((float) Math.sqrt(first(a)), (float) Math.sqrt(second(a)));
    }

    public static long add(long a, long b) {
        return pack(first(a) + first(b), second(a) + second(b));
    }

    public static long sub(long a, long b) {
        return pack(first(a) - first(b), second(a) - second(b));
    }

    public static long mul(long a, long b) {
        return pack(first(a) * first(b), second(a) * second(b));
    }

    public static long div(long a, long b) {
        return pack(first(a) / first(b), second(a) / second(b));
    }

    public static long min(long a, long b) {
        return pack(Numeric.min(first(a), first(b)), Numeric.min(second(a), second(b)));
    }

    public static long max(long a, long b) {
        return pack(Numeric.max(first(a), first(b)), Numeric.max(second(a), second(b)));
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
        return pack((float) Numeric.ceil(first(a)), (float) Numeric.ceil(second(a)));
    }

    public static long floor(long a) {
        return pack((float) Numeric.floor(first(a)), (float) Numeric.floor(second(a)));
    }

    public static long trunc(long a) {
        return pack((float) Numeric.truncate(first(a)), (float) Numeric.truncate(second(a)));
    }

    public static long nearest(long a) {
        return pack((float) Math.rint(first(a)), (float) Math.rint(second(a)));
    }

    public static long relaxedMadd(long a, long b, long c) {
        return pack(first(a) * first(b) + first(c), second(a) * second(b) + second(c));
    }

    public static long relaxedNmadd(long a, long b, long c) {
        return pack(-(first(a) * first(b)) + first(c), -(second(a) * second(b)) + second(c));
    }

    // ---- conversions

    public static long convertI32x4S(long a) {
        return pack((float) (int) a, (float) (int) (a >>> 32));
    }

    public static long convertI32x4U(long a) {
        return pack((float) (a & 0xffffffffL), (float) (a >>> 32));
    }

    public static long demoteF64x2Zero(long low, long high) {
        return pack((float) Double.longBitsToDouble(low), (float) Double.longBitsToDouble(high));
    }
}
