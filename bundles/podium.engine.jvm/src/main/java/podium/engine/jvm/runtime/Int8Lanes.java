package podium.engine.jvm.runtime;

/// Vector instructions on lanes of 8 bits, for one half of a vector at a time: eight lanes in a
/// `long`. Called by compiled
/// code; each method has its instruction's name (core specification, section 4.4.3).
public final class Int8Lanes {

    private Int8Lanes() {}

    /// The highest bit of each lane.
    private static final long HIGH = 0x8080808080808080L;

    private static final int WIDTH = 8;

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

    // ---- bytes

    private static final long EVEN = 0x00ff00ff00ff00ffL;

    public static int bitmask(long low, long high) {
        return bits(low) | bits(high) << 8;
    }

    /// The highest bits of the lanes, gathered.
    private static int bits(long a) {
        return (int) (((a & HIGH) >>> 7) * 0x0102040810204080L >>> 56);
    }

    public static long popcnt(long a) {
        long pairs = a - (a >>> 1 & 0x5555555555555555L);
        long nibbles = (pairs & 0x3333333333333333L) + (pairs >>> 2 & 0x3333333333333333L);
        return nibbles + (nibbles >>> 4) & 0x0f0f0f0f0f0f0f0fL;
    }

    public static long narrowI16x8S(long low, long high) {
        return pack(Int16Lanes.clamp(low, -128, 127), Int16Lanes.clamp(high, -128, 127));
    }

    public static long narrowI16x8U(long low, long high) {
        return pack(Int16Lanes.clamp(low, 0, 255), Int16Lanes.clamp(high, 0, 255));
    }

    private static long pack(long low, long high) {
        return pack(low) | pack(high) << 32;
    }

    private static long pack(long a) {
        long even = a & EVEN;
        long pairs = (even | even >>> 8) & 0x0000ffff0000ffffL;
        return (pairs | pairs >>> 16) & 0xffffffffL;
    }

    /// For each byte of the selector that byte of the vector, or 0 if there is none.
    public static long swizzle(long low, long high, long selector) {
        long result = 0;
        for (int i = 0; i < 64; i += 8) {
            int from = (int) (selector >>> i) & 0xff;
            long half = (from & 8) == 0 ? low : high;
            long chosen = half >>> (from & 7) * 8 & 0xff;
            if (from < 16) result |= chosen << i;
        }
        return result;
    }
}
