package podium.engine.jvm;

import java.util.EnumSet;
import java.util.Set;
import podium.engine.Engine;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.testkit.EngineContract;

/// The contract with code that counts fuel, in small methods. That it is counted is tested where
/// one
/// can choose.
class MeteredCodeTest extends EngineContract {

    private static final class Metering extends OtherForm {

        Metering(JvmEngine engine) {
            super(engine);
        }

        @Override
        public Set<Feature> features() {
            var features = EnumSet.copyOf(engine.features());
            features.remove(Feature.FUEL);
            return features;
        }

        @Override
        public Module load(ModuleSource source) throws ModuleException {
            return engine.loadMetered(source);
        }
    }

    @Override
    protected Engine engine() {
        return new Metering(new JvmEngine(300));
    }
}
