package podium.engine.jvm.ir;

import org.jspecify.annotations.Nullable;

/// Evaluates instructions on 32-bit integers that cannot trap (core specification, section 4.3.2);
/// null for all others.
final class Arithmetic {

    private Arithmetic() {}

    static @Nullable Integer unary(int op, int x) {
        return switch (op) {
            case 0x45 -> truth(x == 0);
            case 0x67 -> Integer.numberOfLeadingZeros(x);
            case 0x68 -> Integer.numberOfTrailingZeros(x);
            case 0x69 -> Integer.bitCount(x);
            case 0xc0 -> (int) (byte) x;
            case 0xc1 -> (int) (short) x;
            default -> null;
        };
    }

    static @Nullable Integer binary(int op, int x, int y) {
        return switch (op) {
            case 0x46 -> truth(x == y);
            case 0x47 -> truth(x != y);
            case 0x48 -> truth(x < y);
            case 0x49 -> truth(Integer.compareUnsigned(x, y) < 0);
            case 0x4a -> truth(x > y);
            case 0x4b -> truth(Integer.compareUnsigned(x, y) > 0);
            case 0x4c -> truth(x <= y);
            case 0x4d -> truth(Integer.compareUnsigned(x, y) <= 0);
            case 0x4e -> truth(x >= y);
            case 0x4f -> truth(Integer.compareUnsigned(x, y) >= 0);
            case 0x6a -> x + y;
            case 0x6b -> x - y;
            case 0x6c -> x * y;
            case 0x71 -> x & y;
            case 0x72 -> x | y;
            case 0x73 -> x ^ y;
            case 0x74 -> x << y;
            case 0x75 -> x >> y;
            case 0x76 -> x >>> y;
            case 0x77 -> Integer.rotateLeft(x, y);
            case 0x78 -> Integer.rotateRight(x, y);
            default -> null;
        };
    }

    private static int truth(boolean value) {
        return value ? 1 : 0;
    }
}
