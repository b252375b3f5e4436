package podium.buildtool.wast;

import java.math.BigInteger;

/// Numbers of the text format as bits (core specification, section 6.3.1 and 6.3.2).
final class Numbers {

    private Numbers() {}

    private static final long DOUBLE_INFINITY = 0x7ffL << 52;
    private static final int FLOAT_INFINITY = 0xff << 23;

    /// @throws NumberFormatException it is not a number of that many bits
    static long integer(String word, int bits) {
        var digits = word.replace("_", "");
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) digits = digits.substring(1);
        var value =
                digits.startsWith("0x")
                        ? new BigInteger(digits.substring(2), 16)
                        : new BigInteger(digits);
        if (value.bitLength() > bits) throw new NumberFormatException(word + " is too large");
        return negative ? -value.longValue() : value.longValue();
    }

    static int f32(String word) {
        boolean negative = word.startsWith("-");
        int sign = negative ? Integer.MIN_VALUE : 0;
        var digits = unsigned(word);
        if (digits.equals("inf")) return sign | FLOAT_INFINITY;
        if (digits.equals("nan")) return sign | FLOAT_INFINITY | 1 << 22;
        if (digits.startsWith("nan:"))
            return sign | FLOAT_INFINITY | (int) integer(digits.substring(4), 23);
        return sign | Float.floatToRawIntBits(Float.parseFloat(java(digits)));
    }

    static long f64(String word) {
        boolean negative = word.startsWith("-");
        long sign = negative ? Long.MIN_VALUE : 0;
        var digits = unsigned(word);
        if (digits.equals("inf")) return sign | DOUBLE_INFINITY;
        if (digits.equals("nan")) return sign | DOUBLE_INFINITY | 1L << 51;
        if (digits.startsWith("nan:"))
            return sign | DOUBLE_INFINITY | integer(digits.substring(4), 52);
        return sign | Double.doubleToRawLongBits(Double.parseDouble(java(digits)));
    }

    private static String unsigned(String word) {
        boolean signed = word.startsWith("-") || word.startsWith("+");
        return (signed ? word.substring(1) : word).replace("_", "");
    }

    /// Java wants an exponent in a hexadecimal number.
    private static String java(String digits) {
        boolean hexadecimal = digits.startsWith("0x");
        return hexadecimal && digits.indexOf('p') < 0 && digits.indexOf('P') < 0
                ? digits + "p0"
                : digits;
    }
}
