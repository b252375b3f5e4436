package podium.engine.jvm;

import podium.engine.Engine;
import podium.testkit.EngineContract;

/// The contract with methods so small that nearly every function is split.
class SplitCodeTest extends EngineContract {

    @Override
    protected Engine engine() {
        return new JvmEngine(60);
    }
}
