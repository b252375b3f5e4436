package podium.engine.jvm.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The few functions of Linux's C library the engine uses.
final class Posix {

    static final int PROT_NONE = 0;
    static final int PROT_READ_WRITE = 3;
    static final int MAP_PRIVATE = 0x02;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    static final long MAP_FAILED = -1;
    private static final int MFD_CLOEXEC = 1;

    private static final boolean LINUX =
            System.getProperty("os.name", "").equals("Linux")
                    && ValueLayout.ADDRESS.byteSize() == 8;

    private Posix() {}

    static boolean available() {
        return LINUX && Functions.MMAP != null;
    }

    /// Loaded on first use. The JVM spins classes for every shape of call, which takes it
    /// milliseconds, so all functions are called by one: in the calling conventions of 64-bit Linux
    /// six integers or pointers are six registers, of which a function looks at those it knows, and
    /// of a narrower one at its low half.
    private static final class Functions {

        private static final Linker LINKER = Linker.nativeLinker();
        private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
        static final MethodHandle CALL =
                LINKER.downcallHandle(
                        FunctionDescriptor.of(WORD, WORD, WORD, WORD, WORD, WORD, WORD));

        // null where the C library lacks it
        static final @Nullable MemorySegment MMAP = find("mmap");
        static final @Nullable MemorySegment MUNMAP = find("munmap");
        static final @Nullable MemorySegment MEMFD_CREATE = find("memfd_create");
        static final @Nullable MemorySegment CLOSE = find("close");
        static final @Nullable MemorySegment PTHREAD_SELF = find("pthread_self");
        static final @Nullable MemorySegment PTHREAD_GETATTR = find("pthread_getattr_np");
        static final @Nullable MemorySegment PTHREAD_ATTR_GETSTACK = find("pthread_attr_getstack");
        static final @Nullable MemorySegment PTHREAD_ATTR_DESTROY = find("pthread_attr_destroy");
        static final @Nullable MemorySegment GETCONTEXT = find("getcontext");

        private static @Nullable MemorySegment find(String name) {
            return LINKER.defaultLookup().find(name).orElse(null);
        }
    }

    /// @throws IllegalStateException the C library lacks the function
    private static long call(
            @Nullable MemorySegment function, long a, long b, long c, long d, long e, long f) {
        if (function == null) throw new IllegalStateException("the C library lacks a function");
        try {
            return (long) Functions.CALL.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable failure) {
            throw new IllegalStateException("a call of the C library failed", failure);
        }
    }

    private static long call(@Nullable MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0);
    }

    static long mmap(long address, long size, int protection, int flags, int file) {
        return call(Functions.MMAP, address, size, protection, flags, file, 0);
    }

    static int munmap(long address, long size) {
        return (int) call(Functions.MUNMAP, address, size, 0);
    }

    /// @return a file descriptor, or -1
    static int memfd(String name) {
        try (var arena = Arena.ofConfined()) {
            long text = arena.allocateFrom(name).address();
            return (int) call(Functions.MEMFD_CREATE, text, MFD_CLOEXEC, 0);
        }
    }

    static int close(int file) {
        return (int) call(Functions.CLOSE, file, 0, 0);
    }

    /// Where a thread's stack lies.
    ///
    /// @param low its lowest address
    /// @param size in bytes; 0 if nobody knows
    record Stack(long low, long size) {}

    private static final Stack UNKNOWN = new Stack(0, 0);

    /// The current thread's stack.
    static Stack stack() {
        if (!available()
                || Functions.PTHREAD_SELF == null
                || Functions.PTHREAD_GETATTR == null
                || Functions.PTHREAD_ATTR_GETSTACK == null) return UNKNOWN;
        try (var arena = Arena.ofConfined()) {
            long attributes = arena.allocate(256, 16).address();
            long self = call(Functions.PTHREAD_SELF, 0, 0, 0);
            if ((int) call(Functions.PTHREAD_GETATTR, self, attributes, 0) != 0) return UNKNOWN;
            var low = arena.allocate(ValueLayout.JAVA_LONG);
            var size = arena.allocate(ValueLayout.JAVA_LONG);
            long error =
                    call(
                            Functions.PTHREAD_ATTR_GETSTACK,
                            attributes,
                            low.address(),
                            size.address());
            call(Functions.PTHREAD_ATTR_DESTROY, attributes, 0, 0);
            if ((int) error != 0) return UNKNOWN;
            return new Stack(low.get(ValueLayout.JAVA_LONG, 0), size.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    /// More than a `ucontext_t` has.
    private static final int CONTEXT_SIZE = 8192;

    /// Where a `ucontext_t` has the stack pointer, or -1 where nobody knows.
    private static final int STACK_POINTER =
            switch (System.getProperty("os.arch", "")) {
                case "amd64" -> 160;
                case "aarch64" -> 432;
                default -> -1;
            };

    /// The current thread's stack pointer, or -1 if it cannot be found out.
    static long stackPointer() {
        if (STACK_POINTER < 0 || !available() || Functions.GETCONTEXT == null) return -1;
        try (var arena = Arena.ofConfined()) {
            var context = arena.allocate(CONTEXT_SIZE, 16);
            if ((int) call(Functions.GETCONTEXT, context.address(), 0, 0) != 0) return -1;
            return context.get(ValueLayout.JAVA_LONG, STACK_POINTER);
        }
    }
}
