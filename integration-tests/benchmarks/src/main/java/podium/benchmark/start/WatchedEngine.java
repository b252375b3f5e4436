package podium.benchmark.start;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.ExportType;
import podium.engine.Extern;
import podium.engine.HostFunction;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.Snapshot;

/// An engine that notes when it begins to load a module, and when that first calls the host. For
/// one module: to a kernel another one of these is another engine, whose modules it does not know.
final class WatchedEngine implements Engine {

    private final Engine engine;
    private final MethodHandle note;
    private long loading;
    private volatile long called;

    WatchedEngine(Engine engine) throws ReflectiveOperationException {
        this.engine = engine;
        note = MethodHandles.lookup().bind(this, "note", MethodType.methodType(void.class));
    }

    /// Milliseconds from the beginning of loading to the first call.
    double milliseconds() {
        if (called == 0) throw new IllegalStateException("it has called nothing");
        return (called - loading) / 1e6;
    }

    /// Milliseconds since the beginning of loading.
    double now() {
        return (System.nanoTime() - loading) / 1e6;
    }

    @SuppressWarnings("unused") // see note
    private void note() {
        if (called == 0) called = System.nanoTime();
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public Set<Feature> features() {
        return engine.features();
    }

    @Override
    public Memory newMemory(MemoryType type) {
        return engine.newMemory(type);
    }

    @Override
    public long callStack() {
        return engine.callStack();
    }

    @Override
    public Module load(ModuleSource source) throws ModuleException {
        loading = System.nanoTime();
        return new Watched(engine.load(source), note);
    }

    private record Watched(Module module, MethodHandle note) implements Module {

        @Override
        public String name() {
            return module.name();
        }

        @Override
        public String sha256() {
            return module.sha256();
        }

        @Override
        public List<ImportType> imports() {
            return module.imports();
        }

        @Override
        public List<ExportType> exports() {
            return module.exports();
        }

        @Override
        public byte @Nullable [] customSection(String name) {
            return module.customSection(name);
        }

        @Override
        public Instance link(Imports imports, @Nullable Object context) throws LinkException {
            return module.link(new Noting(imports, note), context);
        }

        @Override
        public Instance thaw(Snapshot snapshot, Imports imports, @Nullable Object context)
                throws LinkException {
            return module.thaw(snapshot, new Noting(imports, note), context);
        }
    }

    /// The functions among them note that they are called; limits are not watched.
    private record Noting(Imports imports, MethodHandle note) implements Imports {

        @Override
        public @Nullable Extern resolve(ImportType wanted) {
            if (!(imports.resolve(wanted) instanceof HostFunction function))
                return imports.resolve(wanted);
            return new HostFunction(
                    function.type(), MethodHandles.foldArguments(function.handle(), note));
        }
    }
}
