package podium.engine.jvm.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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

    /// Loaded on first use.
    private static final class Functions {
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

        static final MethodHandle MMAP =
                find("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
        static final MethodHandle MUNMAP = find("munmap", FunctionDescriptor.of(INT, LONG, LONG));
        static final MethodHandle MEMFD_CREATE =
                find("memfd_create", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT));
        static final MethodHandle CLOSE = find("close", FunctionDescriptor.of(INT, INT));
        static final MethodHandle PTHREAD_SELF = find("pthread_self", FunctionDescriptor.of(LONG));
        static final MethodHandle PTHREAD_GETATTR =
                find("pthread_getattr_np", FunctionDescriptor.of(INT, LONG, ValueLayout.ADDRESS));
        static final MethodHandle PTHREAD_ATTR_GETSTACK =
                find(
                        "pthread_attr_getstack",
                        FunctionDescriptor.of(
                                INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS));
        static final MethodHandle PTHREAD_ATTR_DESTROY =
                find("pthread_attr_destroy", FunctionDescriptor.of(INT, ValueLayout.ADDRESS));

        private static MethodHandle find(String name, FunctionDescriptor type) {
            var linker = Linker.nativeLinker();
            return linker.defaultLookup()
                    .find(name)
                    .map(address -> linker.downcallHandle(address, type))
                    .orElse(null);
        }
    }

    private static IllegalStateException failed(Throwable e) {
        return new IllegalStateException("a call of the C library failed", e);
    }

    static long mmap(long address, long size, int protection, int flags, int file) {
        try {
            return (long) Functions.MMAP.invokeExact(address, size, protection, flags, file, 0L);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static int munmap(long address, long size) {
        try {
            return (int) Functions.MUNMAP.invokeExact(address, size);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /// @return a file descriptor, or -1
    static int memfd(String name) {
        try (var arena = Arena.ofConfined()) {
            return (int) Functions.MEMFD_CREATE.invokeExact(arena.allocateFrom(name), MFD_CLOEXEC);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static int close(int file) {
        try {
            return (int) Functions.CLOSE.invokeExact(file);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /// Bytes of the current thread's stack, or -1.
    static long stackSize() {
        if (!available()
                || Functions.PTHREAD_SELF == null
                || Functions.PTHREAD_GETATTR == null
                || Functions.PTHREAD_ATTR_GETSTACK == null) return -1;
        try (var arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(256, 16);
            long self = (long) Functions.PTHREAD_SELF.invokeExact();
            if ((int) Functions.PTHREAD_GETATTR.invokeExact(self, attributes) != 0) return -1;
            var address = arena.allocate(ValueLayout.JAVA_LONG);
            var size = arena.allocate(ValueLayout.JAVA_LONG);
            int error =
                    (int) Functions.PTHREAD_ATTR_GETSTACK.invokeExact(attributes, address, size);
            int _ = (int) Functions.PTHREAD_ATTR_DESTROY.invokeExact(attributes);
            return error != 0 ? -1 : size.get(ValueLayout.JAVA_LONG, 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }
}
