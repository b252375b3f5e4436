package podium.engine.jvm.runtime;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/// Raw access to memory, for compiled code and its library. Whoever uses it has checked the
/// address.
@SuppressWarnings({"sunapi", "removal"})
public final class Raw {

    private Raw() {}

    /// Used by compiled code: constant, and its methods are intrinsics of both of HotSpot's
    /// compilers.
    public static final Unsafe U = unsafe();

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
