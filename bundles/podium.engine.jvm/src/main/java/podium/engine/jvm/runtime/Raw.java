package podium.engine.jvm.runtime;

import java.lang.reflect.Field;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/// Raw access to memory, for compiled code and its library. Whoever uses it has checked the
/// address.
@SuppressWarnings({"sunapi", "removal"})
public final class Raw {

    private Raw() {}

    /// Of compiled code where [Internals] are not exported, and of what is written in Java.
    public static final Unsafe U = unsafe();

    /// What compiled code calls where [Internals] are not exported.
    ///
    /// @param formatter null
    public static long checkIndex(
            long index, long length, @Nullable BiFunction<?, ?, ?> formatter) {
        return Objects.checkIndex(index, length);
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java platform has no sun.misc.Unsafe", e);
        }
    }
}
