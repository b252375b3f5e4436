package podium.engine.v8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Asks mincore(2) how much of a memory has ever been touched: of anonymous memory, that is what is
/// in core.
final class Residency {

    private static final int PAGE = 4096;

    private static final MethodHandle MINCORE = mincore();

    private Residency() {}

    private static MethodHandle mincore() {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("mincore"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS));
    }

    /// @return bytes, or 0 if the system does not tell
    static long of(MemorySegment memory) {
        if (memory.byteSize() == 0) return 0;
        try (var arena = Arena.ofConfined()) {
            long pages = memory.byteSize() / PAGE;
            var flags = arena.allocate(pages);
            int error = (int) MINCORE.invokeExact(memory.address(), memory.byteSize(), flags);
            if (error != 0) return 0;
            long resident = 0;
            for (long i = 0; i < pages; i++) resident += flags.get(ValueLayout.JAVA_BYTE, i) & 1;
            return resident * PAGE;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the C library failed", e);
        }
    }
}
