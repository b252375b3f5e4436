package podium.engine.jvm;

import podium.engine.Engine;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.testkit.EngineContract;

/// The contract with variables in arrays, wherever methods share them.
class SharedVariablesTest extends EngineContract {

    @Override
    protected Engine engine() {
        return new JvmEngine(60, Manner.SHARING);
    }
}
