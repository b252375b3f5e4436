package podium.engine.v8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A platform thread's stack, as the C library knows it.
///
/// @param low its end, as stacks grow downward
/// @param high its beginning
record NativeStack(long low, long high) {

    private static final ThreadLocal<NativeStack> CURRENT =
            ThreadLocal.withInitial(NativeStack::find);

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout ADDRESS = ValueLayout.ADDRESS;

    private static final MethodHandle SELF = function("pthread_self", LONG);
    private static final MethodHandle GETATTR = function("pthread_getattr_np", INT, LONG, ADDRESS);
    private static final MethodHandle GETSTACK =
            function("pthread_attr_getstack", INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle DESTROY = function("pthread_attr_destroy", INT, ADDRESS);
    private static final MethodHandle GETCONTEXT = function("getcontext", INT, ADDRESS);

    /// Bytes of a `pthread_attr_t` and of a `ucontext_t`, rounded up.
    private static final long ATTRIBUTES = 256;

    private static final long CONTEXT = 4096;

    /// Where the stack pointer is in a `ucontext_t` of x86-64 (`uc_mcontext.gregs[REG_RSP]`).
    private static final long STACK_POINTER = 160;

    private static MethodHandle function(
            String name, ValueLayout result, ValueLayout... parameters) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, parameters));
    }

    /// The calling thread's, which must not be a virtual one.
    static NativeStack ofCurrentThread() {
        return CURRENT.get();
    }

    private static NativeStack find() {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(ATTRIBUTES, 16);
            long self = (long) SELF.invokeExact();
            if ((int) GETATTR.invokeExact(self, attributes) != 0) throw unknown();
            var low = arena.allocate(LONG);
            var size = arena.allocate(LONG);
            int error = (int) GETSTACK.invokeExact(attributes, low, size);
            int _ = (int) DESTROY.invokeExact(attributes);
            if (error != 0) throw unknown();
            return new NativeStack(low.get(LONG, 0), low.get(LONG, 0) + size.get(LONG, 0));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static IllegalStateException unknown() {
        return new IllegalStateException("the C library does not tell the thread's stack");
    }

    private static IllegalStateException failed(Throwable e) {
        return new IllegalStateException("a call of the C library failed", e);
    }

    long size() {
        return high - low;
    }

    /// Bytes between the beginning and the caller. Only on the thread whose stack it is.
    long used() {
        try (var arena = Arena.ofConfined()) {
            var context = arena.allocate(CONTEXT, 64);
            if ((int) GETCONTEXT.invokeExact(context) != 0) throw unknown();
            return high - context.get(LONG, STACK_POINTER);
        } catch (Throwable e) {
            throw failed(e);
        }
    }
}
