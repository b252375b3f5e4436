package podium.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.Extern;
import podium.engine.Fuel;
import podium.engine.Global;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.OutOfMemoryException;
import podium.kernel.gate.GateTable;
import podium.syscall.Futexes;

/// A program in a memory: what the tasks of a process share, and a child between vfork and exec
/// with
/// its parent. Counted by tasks; the last one gone closes the memory.
final class Image {

    private final Program program;
    private final GateTable gates;

    /// Made first, kept to the end: it may be what holds the memory.
    private final Instance first;

    private final Memory memory;
    private final PagedAddressSpace addressSpace;
    private final FutexTable futexes = new FutexTable();
    private final HandleTable handles = new HandleTable();
    private final @Nullable Fuel fuel;
    private final AtomicInteger users = new AtomicInteger(1);

    /// Makes the memory and the first instance, whose start function is still to run.
    ///
    /// @param limit of the memory, in bytes
    /// @param task what the instance's calls come from
    /// @throws LinkException the program imports what nobody provides
    /// @throws OutOfMemoryException its memory is more than the limit, or than there is
    Image(Program program, Engine engine, GateTable gates, long limit, GuestTask task)
            throws LinkException {
        this.program = program;
        this.gates = gates;
        int pages = (int) Math.min(limit / MemoryType.PAGE, 65_536);
        if (program.snapshot() != null)
            for (var memory : program.snapshot().memories()) check(memory.pages(), pages);
        fuel = task.process().pod().fuel();
        var imports = new FirstImports(engine, pages);
        Instance instance;
        try {
            var snapshot = program.snapshot();
            instance =
                    snapshot == null
                            ? program.module().link(imports, task)
                            : program.module().thaw(snapshot, imports, task);
        } catch (LinkException | RuntimeException e) {
            imports.close();
            throw e;
        }
        first = instance;
        var memory = instance.memory();
        // A program without any has nothing to show to a system call, and that is an answer, too.
        if (memory == null) memory = imports.made = engine.newMemory(new MemoryType(0, 0, false));
        this.memory = memory;
        owned = imports.made;
        addressSpace = new PagedAddressSpace(memory, base(), program.snapshot() != null);
    }

    private static void check(int needed, int allowed) {
        if (needed > allowed)
            throw new OutOfMemoryException(
                    "it needs %s of memory, and its pod's limit is %s"
                            .formatted(size(needed), size(allowed)));
    }

    private static String size(int pages) {
        return pages < 16 ? pages * (MemoryType.PAGE >> 10) + " KiB" : (pages >> 4) + " MiB";
    }

    /// Closed at the end, unless the engine made it.
    private final @Nullable Memory owned;

    /// Where the program's own data end.
    private long base() {
        return first.export("__heap_base") instanceof Global heap
                        && heap.get() instanceof Integer address
                ? Integer.toUnsignedLong(address)
                : memory.size();
    }

    /// Imports of the first instance. The memory of a snapshot is left to the engine, which can
    /// share its pages.
    private final class FirstImports implements Imports {

        private final Engine engine;
        private final int limit;
        private @Nullable Memory made;

        FirstImports(Engine engine, int limit) {
            this.engine = engine;
            this.limit = limit;
        }

        @Override
        public @Nullable Extern resolve(ImportType wanted) {
            if (!(wanted.type() instanceof MemoryType type)) return gates.resolve(wanted);
            if (program.snapshot() != null || made != null) return null;
            check(type.minimum(), limit);
            return made =
                    engine.newMemory(
                            new MemoryType(
                                    type.minimum(),
                                    Math.min(type.maximum(), limit),
                                    type.shared()));
        }

        @Override
        public int memoryLimit() {
            return limit;
        }

        @Override
        public @Nullable Fuel fuel() {
            return fuel;
        }

        void close() {
            if (made != null) made.close();
        }
    }

    /// Imports of further ones.
    private final class FurtherImports implements Imports {

        @Override
        public @Nullable Extern resolve(ImportType wanted) {
            return wanted.type() instanceof MemoryType ? memory : gates.resolve(wanted);
        }

        @Override
        public @Nullable Fuel fuel() {
            return fuel;
        }
    }

    /// A further instance over the same memory, whose start function is still to run.
    Instance instance(GuestTask task) throws LinkException {
        return program.module().link(new FurtherImports(), task);
    }

    Program program() {
        return program;
    }

    Instance first() {
        return first;
    }

    Memory memory() {
        return memory;
    }

    /// Whether further instances can be on its memory: it is shared, and not one that each instance
    /// makes for itself.
    boolean isShared() {
        return memory == owned && memory.type().shared();
    }

    PagedAddressSpace addressSpace() {
        return addressSpace;
    }

    Futexes futexes() {
        return futexes;
    }

    HandleTable handles() {
        return handles;
    }

    Image retain() {
        users.incrementAndGet();
        return this;
    }

    void release() {
        if (users.decrementAndGet() > 0) return;
        handles.close();
        first.close();
        if (owned != null) owned.close();
    }
}
