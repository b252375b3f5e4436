package podium.engine.jvm;

import java.util.Set;
import podium.engine.Engine;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;

/// The engine with another way to load modules.
abstract class OtherForm implements Engine {

    final JvmEngine engine;

    OtherForm(JvmEngine engine) {
        this.engine = engine;
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
    public Module loadMetered(ModuleSource source) throws ModuleException {
        return engine.loadMetered(source);
    }

    @Override
    public Memory newMemory(MemoryType type) {
        return engine.newMemory(type);
    }
}
