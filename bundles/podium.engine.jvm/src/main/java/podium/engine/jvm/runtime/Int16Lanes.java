package podium.engine.jvm.runtime;

/// Vector instructions on lanes of 16 bits, for one half of a vector at a time: four lanes in a
/// `long`. Called by compiled
/// code; each method has its instruction's name (core specification, section 4.4.3).
public final class Int16Lanes {

    private Int16Lanes() {}

    /// The highest bit of each lane.
    private static final long HIGH = 0x8000800080008000L;

    /// The lowest bit of each lane.
    private static final long ONES = 0x0001000100010001L;

    private static final int WIDTH = 16;

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

    public static long add(long a, long b) {
        return PackedLanes.add(a, b, HIGH);
    }

    public static long sub(long a, long b) {
        return PackedLanes.sub(a, b, HIGH);
    }

    public static long neg(long a) {
        return sub(0, a);
    }

    public static long abs(long a) {
        return PackedLanes.abs(a, HIGH, WIDTH);
    }

    public static long addSatU(long a, long b) {
        return PackedLanes.addSatU(a, b, HIGH, WIDTH);
    }

    public static long subSatU(long a, long b) {
        return PackedLanes.subSatU(a, b, HIGH, WIDTH);
    }

    public static long addSatS(long a, long b) {
        return PackedLanes.addSatS(a, b, HIGH, WIDTH);
    }

    public static long subSatS(long a, long b) {
        return PackedLanes.subSatS(a, b, HIGH, WIDTH);
    }

    public static long minU(long a, long b) {
        return PackedLanes.choose(ltU(a, b), a, b);
    }

    public static long minS(long a, long b) {
        return PackedLanes.choose(ltS(a, b), a, b);
    }

    public static long maxU(long a, long b) {
        return PackedLanes.choose(ltU(a, b), b, a);
    }

    public static long maxS(long a, long b) {
        return PackedLanes.choose(ltS(a, b), b, a);
    }

    public static long avgrU(long a, long b) {
        return PackedLanes.avgrU(a, b, HIGH);
    }

    public static long shl(long a, int count) {
        return PackedLanes.shl(a, count, HIGH, WIDTH);
    }

    public static long shrU(long a, int count) {
        return PackedLanes.shrU(a, count, HIGH, WIDTH);
    }

    public static long shrS(long a, int count) {
        return PackedLanes.shrS(a, count, HIGH, WIDTH);
    }

    // ---- words

    private static final long LOW_BYTES = 0x00ff00ff00ff00ffL;

    public static int bitmask(long low, long high) {
        return bits(low) | bits(high) << 4;
    }

    /// The highest bits of the lanes, gathered.
    private static int bits(long a) {
        return (int) (((a & HIGH) >>> 15) * 0x1000200040008000L >>> 60);
    }

    public static long mul(long a, long b) {
        return a * b & 0xffff
                | ((a >>> 16) * (b >>> 16) & 0xffff) << 16
                | ((a >>> 32) * (b >>> 32) & 0xffff) << 32
                | (a >>> 48) * (b >>> 48) << 48;
    }

    /// The product of fractions with 15 bits, rounded; only that of the two least does not fit.
    public static long q15mulrSatS(long a, long b) {
        long result = 0;
        for (int i = 0; i < 64; i += 16) {
            int product = (short) (a >>> i) * (short) (b >>> i) + 0x4000 >> 15;
            result |= (Math.min(product, Short.MAX_VALUE) & 0xffffL) << i;
        }
        return result;
    }

    /// Limits signed lanes.
    static long clamp(long a, int least, int greatest) {
        return minS(maxS(a, (least & 0xffff) * ONES), (greatest & 0xffff) * ONES);
    }

    public static long narrowI32x4S(long low, long high) {
        return narrow(low, Short.MIN_VALUE, Short.MAX_VALUE)
                | narrow(high, Short.MIN_VALUE, Short.MAX_VALUE) << 32;
    }

    public static long narrowI32x4U(long low, long high) {
        return narrow(low, 0, 0xffff) | narrow(high, 0, 0xffff) << 32;
    }

    private static long narrow(long a, int least, int greatest) {
        int first = Math.clamp((int) a, least, greatest);
        int second = Math.clamp((int) (a >>> 32), least, greatest);
        return first & 0xffffL | (second & 0xffffL) << 16;
    }

    /// Four bytes, each in a lane of its own.
    public static long extendLowI8x16U(int bytes) {
        long a = bytes & 0xffffffffL;
        long pairs = (a | a << 16) & 0x0000ffff0000ffffL;
        return (pairs | pairs << 8) & LOW_BYTES;
    }

    public static long extendLowI8x16S(int bytes) {
        return signed(extendLowI8x16U(bytes));
    }

    /// Extends the sign of the low byte of each lane, whose high byte is 0.
    private static long signed(long a) {
        return a | (a & 0x0080008000800080L) * 0x1fe;
    }

    public static long extmulLowI8x16S(int a, int b) {
        return mul(extendLowI8x16S(a), extendLowI8x16S(b));
    }

    public static long extmulLowI8x16U(int a, int b) {
        return mul(extendLowI8x16U(a), extendLowI8x16U(b));
    }

    public static long extaddPairwiseI8x16S(long a) {
        return add(signed(a & LOW_BYTES), signed(a >>> 8 & LOW_BYTES));
    }

    public static long extaddPairwiseI8x16U(long a) {
        return (a & LOW_BYTES) + (a >>> 8 & LOW_BYTES);
    }

    /// Sums of two products of signed bytes.
    public static long relaxedDotI8x16I7x16S(long a, long b) {
        long even = mul(signed(a & LOW_BYTES), signed(b & LOW_BYTES));
        long odd = mul(signed(a >>> 8 & LOW_BYTES), signed(b >>> 8 & LOW_BYTES));
        return addSatS(even, odd);
    }
}
