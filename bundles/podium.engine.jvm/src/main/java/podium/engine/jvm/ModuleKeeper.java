package podium.engine.jvm;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.engine.ModuleSource;
import podium.engine.jvm.emit.ModuleCompiler;
import podium.engine.jvm.wasm.WasmModule;

/// Keeps a module's classes for the next time it is loaded.
record ModuleKeeper(
        ModuleSource source,
        WasmModule module,
        ModuleCompiler compiler,
        boolean metered,
        CodeCache cache)
        implements LazyCode.Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(ModuleKeeper.class);

    @Override
    public void keepAll(Map<String, byte[]> classes) {
        try {
            classes.putAll(compiler.others(false));
            put(PreparedCode.of(module, compiler.layout(), null, JvmEngine.ALL, classes));
        } catch (OutOfMemoryError e) {
            LOG.warn("{}: no memory to keep what was compiled", source.name());
        }
    }

    /// Does nothing where somebody else kept all in the meantime.
    @Override
    public void keepSome(Map<String, byte[]> classes) {
        var kept = cache.get(source.sha256(), metered);
        if (kept == null || !kept.isComplete()) put(PreparedCode.begun(compiler, classes));
    }

    private void put(PreparedCode code) {
        cache.put(source.sha256(), metered, code);
    }
}
