package podium.engine.v8;

import podium.engine.Engine;
import podium.testkit.EngineContract;

class V8EngineTest extends EngineContract {

    @Override
    protected Engine engine() {
        return TestEngine.INSTANCE;
    }
}
