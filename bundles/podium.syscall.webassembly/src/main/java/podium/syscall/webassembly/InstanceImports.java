package podium.syscall.webassembly;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import podium.engine.Extern;
import podium.engine.Fuel;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.syscall.Task;

/// What an instance gets: the externs the guest gave, in the order of the module's imports, and
/// memories in the guest's own.
final class InstanceImports implements Imports {

    /// Bytes of stack that calls in an instance may take together: by far less than the program
    /// itself may, so that a thread has room for both.
    private static final long STACK = 1 << 20;

    private final Task task;
    private final @Nullable Object[] externs;
    private final Function<MemoryType, Memory> memories;
    private final List<Memory> made = new ArrayList<>();
    private int next;

    /// @param memories makes them
    InstanceImports(Task task, @Nullable Object[] externs, Function<MemoryType, Memory> memories) {
        this.task = task;
        this.externs = externs;
        this.memories = memories;
    }

    @Override
    public @Nullable Extern resolve(ImportType wanted) {
        return externs[next++] instanceof Extern extern ? extern : null;
    }

    @Override
    public Memory memory(MemoryType declared) {
        var memory = memories.apply(declared);
        made.add(memory);
        return memory;
    }

    @Override
    public int tableLimit() {
        return WebAssemblySyscalls.ELEMENTS;
    }

    @Override
    public long stackLimit() {
        return STACK;
    }

    @Override
    public @Nullable Fuel fuel() {
        return task.process().fuel();
    }

    /// The memories that were made.
    List<Memory> made() {
        return made;
    }

    /// Those that the instance exports to nobody: they end with it.
    List<Memory> unexported(Instance instance) {
        var left = new ArrayList<>(made);
        for (var export : instance.module().exports())
            if (export.type() instanceof MemoryType) {
                var exported = instance.export(export.name());
                left.removeIf(memory -> memory == exported);
            }
        return left;
    }
}
