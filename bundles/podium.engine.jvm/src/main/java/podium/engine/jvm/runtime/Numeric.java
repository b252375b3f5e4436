package podium.engine.jvm.runtime;

import podium.engine.Trap.Kind;

/// Arithmetic where Java's differs from WebAssembly's (core specification, section 4.3). Called by
/// compiled code.
public final class Numeric {

    private Numeric() {}

    private static final double TWO_63 = 0x1p63;
    private static final double TWO_64 = 0x1p64;

    // Divisors are looked at, though Java would do it: HotSpot gives an exception of its own that
    // is
    // thrown often no stack trace. Its compilers look but once.

    public static int divide(int a, int b) {
        if (b == 0) throw byZero();
        if (b == -1 && a == Integer.MIN_VALUE) throw overflow();
        return a / b;
    }

    public static long divide(long a, long b) {
        if (b == 0) throw byZero();
        if (b == -1 && a == Long.MIN_VALUE) throw overflow();
        return a / b;
    }

    public static int divideUnsigned(int a, int b) {
        if (b == 0) throw byZero();
        return Integer.divideUnsigned(a, b);
    }

    public static long divideUnsigned(long a, long b) {
        if (b == 0) throw byZero();
        return Long.divideUnsigned(a, b);
    }

    public static int remainder(int a, int b) {
        if (b == 0) throw byZero();
        return a % b;
    }

    public static long remainder(long a, long b) {
        if (b == 0) throw byZero();
        return a % b;
    }

    public static int remainderUnsigned(int a, int b) {
        if (b == 0) throw byZero();
        return Integer.remainderUnsigned(a, b);
    }

    public static long remainderUnsigned(long a, long b) {
        if (b == 0) throw byZero();
        return Long.remainderUnsigned(a, b);
    }

    private static Stop byZero() {
        return new Stop(Kind.DIVIDE_BY_ZERO);
    }

    private static Stop overflow() {
        return new Stop(Kind.INTEGER_OVERFLOW);
    }

    private static Stop outOfRange(double d) {
        return Double.isNaN(d) ? new Stop(Kind.INVALID_CONVERSION) : overflow();
    }

    public static int toInt(double d) {
        if (d > -2147483649.0 && d < 2147483648.0) return (int) d;
        throw outOfRange(d);
    }

    public static int toUnsignedInt(double d) {
        if (d > -1.0 && d < 4294967296.0) return (int) (long) d;
        throw outOfRange(d);
    }

    public static long toLong(double d) {
        if (d >= -TWO_63 && d < TWO_63) return (long) d;
        throw outOfRange(d);
    }

    public static long toUnsignedLong(double d) {
        if (d > -1.0 && d < TWO_64) return saturateUnsignedLong(d);
        throw outOfRange(d);
    }

    public static int saturateUnsignedInt(double d) {
        if (!(d > -1.0)) return 0;
        return d >= 4294967296.0 ? -1 : (int) (long) d;
    }

    public static long saturateUnsignedLong(double d) {
        if (!(d > -1.0)) return 0;
        if (d >= TWO_64) return -1;
        return d < TWO_63 ? (long) d : (long) (d - TWO_63) ^ Long.MIN_VALUE;
    }

    /// Halves large values; the lowest bit is kept for rounding.
    public static float unsignedToFloat(long x) {
        return x >= 0 ? (float) x : (float) (x >>> 1 | x & 1) * 2;
    }

    public static double unsignedToDouble(long x) {
        return x >= 0 ? (double) x : (double) (x >>> 1 | x & 1) * 2;
    }

    // The sum of a NaN with anything is a quiet NaN, which Java's library does not promise.

    public static double floor(double d) {
        return Double.isNaN(d) ? d + d : Math.floor(d);
    }

    public static double ceil(double d) {
        return Double.isNaN(d) ? d + d : Math.ceil(d);
    }

    public static double truncate(double d) {
        if (Double.isNaN(d)) return d + d;
        return d < 0 ? Math.ceil(d) : Math.floor(d);
    }

    public static float min(float a, float b) {
        return Float.isNaN(a) || Float.isNaN(b) ? a + b : Math.min(a, b);
    }

    public static double min(double a, double b) {
        return Double.isNaN(a) || Double.isNaN(b) ? a + b : Math.min(a, b);
    }

    public static float max(float a, float b) {
        return Float.isNaN(a) || Float.isNaN(b) ? a + b : Math.max(a, b);
    }

    public static double max(double a, double b) {
        return Double.isNaN(a) || Double.isNaN(b) ? a + b : Math.max(a, b);
    }
}
