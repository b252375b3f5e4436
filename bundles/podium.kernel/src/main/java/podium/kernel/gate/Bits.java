package podium.kernel.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// WebAssembly values as raw bits in a `long`, for calls whose type is known only at run time:
/// `i32` sign-extended, `f32` and `f64` as IEEE 754 bits.
final class Bits {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private Bits() {}

    /// Makes `(X, values...) value` of `(X, long[]) long`.
    static MethodHandle collecting(MethodHandle handle, MethodType type) {
        int count = type.parameterCount() - 1;
        handle = handle.asCollector(long[].class, count);
        for (int i = 1; i <= count; i++)
            handle = MethodHandles.filterArguments(handle, i, to(type.parameterType(i)));
        var result = type.returnType();
        return result == void.class
                ? MethodHandles.dropReturn(handle)
                : MethodHandles.filterReturnValue(handle, from(result));
    }

    /// Makes `(X, long[]) long` of `(X, values...) value`; 0 for no result.
    static MethodHandle spreading(MethodHandle handle) {
        var type = handle.type();
        int count = type.parameterCount() - 1;
        for (int i = 1; i <= count; i++)
            handle = MethodHandles.filterArguments(handle, i, from(type.parameterType(i)));
        var result = type.returnType();
        handle =
                result == void.class
                        ? MethodHandles.filterReturnValue(handle, MethodHandles.zero(long.class))
                        : MethodHandles.filterReturnValue(handle, to(result));
        return handle.asSpreader(long[].class, count);
    }

    /// `(long) value`.
    private static MethodHandle from(Class<?> value) {
        return find("as" + value.getSimpleName(), MethodType.methodType(value, long.class));
    }

    /// `(value) long`.
    private static MethodHandle to(Class<?> value) {
        return find("bits", MethodType.methodType(long.class, value));
    }

    private static MethodHandle find(String name, MethodType type) {
        try {
            return LOOKUP.findStatic(Bits.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no system call takes or returns this: " + type, e);
        }
    }

    static int asint(long bits) {
        return (int) bits;
    }

    static long aslong(long bits) {
        return bits;
    }

    static float asfloat(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    static double asdouble(long bits) {
        return Double.longBitsToDouble(bits);
    }

    static long bits(int value) {
        return value;
    }

    static long bits(long value) {
        return value;
    }

    static long bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }
}
