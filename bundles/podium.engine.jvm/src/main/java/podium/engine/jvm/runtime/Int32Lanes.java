package podium.engine.jvm.runtime;

/// Vector instructions on lanes of 32 bits, for one half of a vector at a time: two lanes in a
/// `long`. Called by compiled
/// code; each method has its instruction's name (core specification, section 4.4.3).
public final class Int32Lanes {

    private Int32Lanes() {}

    /// The highest bit of each lane.
    private static final long HIGH = 0x8000000080000000L;

    private static final int WIDTH = 32;

    // ---- comparisons

    public static long eq(long a, long b) {
        return ~ne(a, b);
    }

    public static long ne(long a, long b) {
        return PackedLanes.ne(a, b, HIGH, WIDTH);
    }

    public static long ltU(long a, long b) {
        return PackedLanes.ltU(a, b, HIGH, WIDTH);
    }

    public static long ltS(long a, long b) {
        return PackedLanes.ltS(a, b, HIGH, WIDTH);
    }

    public static long gtU(long a, long b) {
        return ltU(b, a);
    }

    public static long leU(long a, long b) {
        return ~ltU(b, a);
    }

    public static long geU(long a, long b) {
        return ~ltU(a, b);
    }

    public static long gtS(long a, long b) {
        return ltS(b, a);
    }

    public static long leS(long a, long b) {
        return ~ltS(b, a);
    }

    public static long geS(long a, long b) {
        return ~ltS(a, b);
    }

    public static int allTrue(long low, long high) {
        return (PackedLanes.nonZero(low, HIGH) & PackedLanes.nonZero(high, HIGH)) == HIGH ? 1 : 0;
    }

    // ---- arithmetic

    private static final long LOW = 0xffffffffL;

    private static int first(long a) {
        return (int) a;
    }

    private static int second(long a) {
        return (int) (a >>> 32);
    }

    private static long pack(int first, int second) {
        return first & LOW | (long) second << 32;
    }

    public static long add(long a, long b) {
        return (a & ~LOW) + (b & ~LOW) | a + b & LOW;
    }

    public static long sub(long a, long b) {
        return (a & ~LOW) - (b & ~LOW) | a - b & LOW;
    }

    public static long neg(long a) {
        return sub(0, a);
    }

    public static long abs(long a) {
        return pack(Math.abs(first(a)), Math.abs(second(a)));
    }

    public static long mul(long a, long b) {
        return (a >>> 32) * (b >>> 32) << 32 | a * b & LOW;
    }

    public static long minS(long a, long b) {
        return pack(Math.min(first(a), first(b)), Math.min(second(a), second(b)));
    }

    public static long maxS(long a, long b) {
        return pack(Math.max(first(a), first(b)), Math.max(second(a), second(b)));
    }

    public static long minU(long a, long b) {
        return minS(a ^ HIGH, b ^ HIGH) ^ HIGH;
    }

    public static long maxU(long a, long b) {
        return maxS(a ^ HIGH, b ^ HIGH) ^ HIGH;
    }

    public static long shl(long a, int count) {
        return pack(first(a) << count, second(a) << count);
    }

    public static long shrS(long a, int count) {
        return pack(first(a) >> count, second(a) >> count);
    }

    public static long shrU(long a, int count) {
        return pack(first(a) >>> count, second(a) >>> count);
    }

    public static int bitmask(long low, long high) {
        return (int) (low >>> 31 & 1 | low >>> 63 << 1 | (high >>> 31 & 1) << 2 | high >>> 63 << 3);
    }

    // ---- from words and bytes

    public static long extendLowI16x8S(int words) {
        return pack((short) words, words >> 16);
    }

    public static long extendLowI16x8U(int words) {
        return pack(words & 0xffff, words >>> 16);
    }

    public static long extmulLowI16x8S(int a, int b) {
        return pack((short) a * (short) b, (a >> 16) * (b >> 16));
    }

    public static long extmulLowI16x8U(int a, int b) {
        return pack((a & 0xffff) * (b & 0xffff), (a >>> 16) * (b >>> 16));
    }

    public static long extaddPairwiseI16x8S(long a) {
        return pack((short) a + (short) (a >>> 16), (short) (a >>> 32) + (short) (a >>> 48));
    }

    public static long extaddPairwiseI16x8U(long a) {
        return pack((char) a + (char) (a >>> 16), (char) (a >>> 32) + (char) (a >>> 48));
    }

    public static long dotI16x8S(long a, long b) {
        return pack(dot(first(a), first(b)), dot(second(a), second(b)));
    }

    private static int dot(int a, int b) {
        return (short) a * (short) b + (a >> 16) * (b >> 16);
    }

    /// Sums of four products of signed bytes, added to a third vector.
    public static long relaxedDotI8x16I7x16AddS(long a, long b, long c) {
        return add(extaddPairwiseI16x8S(Int16Lanes.relaxedDotI8x16I7x16S(a, b)), c);
    }

    // ---- from floats

    public static long truncSatF32x4S(long a) {
        return pack((int) Float.intBitsToFloat(first(a)), (int) Float.intBitsToFloat(second(a)));
    }

    public static long truncSatF32x4U(long a) {
        return pack(
                Numeric.saturateUnsignedInt(Float.intBitsToFloat(first(a))),
                Numeric.saturateUnsignedInt(Float.intBitsToFloat(second(a))));
    }

    public static long truncSatF64x2SZero(long low, long high) {
        return pack((int) Double.longBitsToDouble(low), (int) Double.longBitsToDouble(high));
    }

    public static long truncSatF64x2UZero(long low, long high) {
        return pack(
                Numeric.saturateUnsignedInt(Double.longBitsToDouble(low)),
                Numeric.saturateUnsignedInt(Double.longBitsToDouble(high)));
    }
}
