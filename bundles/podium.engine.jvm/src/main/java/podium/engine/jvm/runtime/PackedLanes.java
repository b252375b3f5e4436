package podium.engine.jvm.runtime;

/// Arithmetic on the lanes of a `long`, all at once. The lanes are told by their highest bits and
/// their width. Which lanes overflow is worked out from the highest bits of operands and result.
final class PackedLanes {

    private PackedLanes() {}

    /// A lane full of ones where its highest bit is set.
    static long spread(long bits, int width) {
        return (bits << 1) - (bits >>> width - 1);
    }

    /// `a` where the mask is set, else `b`.
    static long choose(long mask, long a, long b) {
        return b ^ (a ^ b) & mask;
    }

    /// The highest bit of each lane that is not zero.
    static long nonZero(long a, long high) {
        return ((a & ~high) + ~high | a) & high;
    }

    static long ne(long a, long b, long high, int width) {
        return spread(nonZero(a ^ b, high), width);
    }

    static long ltU(long a, long b, long high, int width) {
        return spread((~a & b | ~(a ^ b) & sub(a, b, high)) & high, width);
    }

    static long ltS(long a, long b, long high, int width) {
        return ltU(a ^ high, b ^ high, high, width);
    }

    static long add(long a, long b, long high) {
        return (a & ~high) + (b & ~high) ^ (a ^ b) & high;
    }

    static long sub(long a, long b, long high) {
        return (a | high) - (b & ~high) ^ (a ^ ~b) & high;
    }

    static long abs(long a, long high, int width) {
        long negative = a & high;
        return (a ^ spread(negative, width)) + (negative >>> width - 1);
    }

    static long addSatU(long a, long b, long high, int width) {
        long sum = add(a, b, high);
        return sum | spread((a & b | (a | b) & ~sum) & high, width);
    }

    static long subSatU(long a, long b, long high, int width) {
        return sub(a, b, high) & ~ltU(a, b, high, width);
    }

    static long addSatS(long a, long b, long high, int width) {
        long sum = add(a, b, high);
        long overflow = spread(~(a ^ b) & (a ^ sum) & high, width);
        return choose(overflow, limit(a, high, width), sum);
    }

    static long subSatS(long a, long b, long high, int width) {
        long difference = sub(a, b, high);
        long overflow = spread((a ^ b) & (a ^ difference) & high, width);
        return choose(overflow, limit(a, high, width), difference);
    }

    /// The greatest number of each lane, or the least where `a` is negative.
    private static long limit(long a, long high, int width) {
        return ((a & high) >>> width - 1) + ~high;
    }

    /// The average, rounded up.
    static long avgrU(long a, long b, long high) {
        return (a | b) - ((a ^ b) >>> 1 & ~high);
    }

    static long shl(long a, int count, long high, int width) {
        int bits = count & width - 1;
        return (a & below(width - bits, high, width)) << bits;
    }

    static long shrU(long a, int count, long high, int width) {
        int bits = count & width - 1;
        return a >>> bits & below(width - bits, high, width);
    }

    static long shrS(long a, int count, long high, int width) {
        long sign = high >>> (count & width - 1);
        return sub(shrU(a, count, high, width) ^ sign, sign, high);
    }

    /// The lowest bits of each lane, 1 to all of them.
    private static long below(int bits, long high, int width) {
        long top = high >>> width - bits;
        return (top << 1) - (high >>> width - 1);
    }
}
