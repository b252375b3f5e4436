package podium.engine.jvm;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.jvm.ir.Profile;

/// An engine for training runs in a build: its modules count how often they execute each block.
/// Slower than [JvmEngine],
/// and it ignores prepared forms.
public final class TrainingEngine implements Engine {

    private final JvmEngine engine = new JvmEngine();
    private final Map<String, TrainingModule> modules = new ConcurrentHashMap<>();

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
    public Module load(ModuleSource source) throws ModuleException {
        var known = modules.get(source.sha256());
        if (known != null) return known.module();
        try {
            var module = engine.loadForTraining(source);
            modules.put(source.sha256(), module);
            return module.module();
        } catch (IOException e) {
            throw new ModuleException(source.name() + " cannot be read: " + e.getMessage(), -1);
        }
    }

    /// Such modules are not trained.
    @Override
    public Module loadMetered(ModuleSource source) throws ModuleException {
        return engine.loadMetered(source);
    }

    /// What the instances of a module executed so far, or null if it was not loaded.
    public @Nullable Profile profile(String sha256) {
        var module = modules.get(sha256);
        return module == null ? null : module.profile();
    }
}
