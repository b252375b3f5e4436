package podium.engine.jvm.runtime;

/// Vector instructions on lanes of 64 bits, each a half of a vector, and on bits. Called by
/// compiled
/// code; each method has its instruction's name (core specification, section 4.4.3).
public final class Int64Lanes {

    private Int64Lanes() {}

    private static long mask(boolean condition) {
        return condition ? -1 : 0;
    }

    /// The bits of `a` where the mask is set, else those of `b`.
    public static long bitselect(long a, long b, long mask) {
        return b ^ (a ^ b) & mask;
    }

    public static long andnot(long a, long b) {
        return a & ~b;
    }

    public static long abs(long a) {
        return Math.abs(a);
    }

    public static long neg(long a) {
        return -a;
    }

    public static long shl(long a, int count) {
        return a << count;
    }

    public static long shrS(long a, int count) {
        return a >> count;
    }

    public static long shrU(long a, int count) {
        return a >>> count;
    }

    public static long eq(long a, long b) {
        return mask(a == b);
    }

    public static long ne(long a, long b) {
        return mask(a != b);
    }

    public static long ltS(long a, long b) {
        return mask(a < b);
    }

    public static long gtS(long a, long b) {
        return mask(a > b);
    }

    public static long leS(long a, long b) {
        return mask(a <= b);
    }

    public static long geS(long a, long b) {
        return mask(a >= b);
    }

    public static int allTrue(long low, long high) {
        return low != 0 && high != 0 ? 1 : 0;
    }

    public static int bitmask(long low, long high) {
        return (int) (low >>> 63 | high >>> 63 << 1);
    }

    public static long extendLowI32x4S(int a) {
        return a;
    }

    public static long extendLowI32x4U(int a) {
        return a & 0xffffffffL;
    }

    public static long extmulLowI32x4S(int a, int b) {
        return (long) a * b;
    }

    public static long extmulLowI32x4U(int a, int b) {
        return (a & 0xffffffffL) * (b & 0xffffffffL);
    }
}
