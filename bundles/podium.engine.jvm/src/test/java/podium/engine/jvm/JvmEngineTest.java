package podium.engine.jvm;

import podium.engine.Engine;
import podium.testkit.EngineContract;

class JvmEngineTest extends EngineContract {

    @Override
    protected Engine engine() {
        return new JvmEngine();
    }
}
