package podium.testkit.fuzz;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import podium.engine.V128;
import podium.engine.ValueType;
import podium.testkit.WasmAssembler.Code;

/// Random values, extreme ones more often than others, and no NaN but the canonical one.
final class RandomValues {

    private static final long[] INTEGERS = {
        0,
        1,
        -1,
        2,
        7,
        31,
        32,
        63,
        64,
        127,
        128,
        -128,
        255,
        0x7fff,
        0x8000,
        0xffff,
        0x10000,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffffffffL,
        0x100000000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final double[] NUMBERS = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        1.5,
        -2.5,
        0x1p31,
        -0x1p31,
        0x1p32,
        0x1p63,
        -0x1p63,
        0x1p64,
        0x1.fffffep127,
        1e308,
        Double.MIN_VALUE,
        Float.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    long integer() {
        return random.nextInt(4) == 0
                ? random.nextLong()
                : INTEGERS[random.nextInt(INTEGERS.length)];
    }

    double number() {
        return random.nextInt(4) == 0
                ? random.nextGaussian() * 1000
                : NUMBERS[random.nextInt(NUMBERS.length)];
    }

    /// As the host has it; references are null or a string.
    @Nullable Object value(ValueType type) {
        return switch (type) {
            case I32 -> (int) integer();
            case I64 -> integer();
            case F32 -> (float) number();
            case F64 -> number();
            case V128 -> new V128(integer(), integer());
            case EXTERNREF -> random.nextBoolean() ? null : "object";
            case FUNCREF, EXNREF -> null;
        };
    }

    /// An instruction that leaves a value of a type; references are null.
    Code constant(Code code, char type) {
        return switch (type) {
            case 'i' -> code.i32((int) integer());
            case 'l' -> code.i64(integer());
            case 'f' -> fixed(code.raw(0x43), Float.floatToIntBits((float) number()), 4);
            case 'd' -> fixed(code.raw(0x44), Double.doubleToLongBits(number()), 8);
            case 'v' -> code.v128(integer(), integer());
            case 'r' -> code.raw(0xd0, 0x70);
            case 'x' -> code.raw(0xd0, 0x6f);
            default -> code.raw(0xd0, 0x69);
        };
    }

    private static Code fixed(Code code, long bits, int size) {
        for (int i = 0; i < size; i++) code.raw((int) (bits >>> 8 * i) & 0xff);
        return code;
    }
}
