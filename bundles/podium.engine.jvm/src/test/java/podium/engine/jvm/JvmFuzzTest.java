package podium.engine.jvm;

import java.util.List;
import podium.engine.Engine;
import podium.testkit.fuzz.FuzzContract;

/// The engine does the same with code that was prepared ahead, and with functions that are split.
class JvmFuzzTest extends FuzzContract {

    @Override
    protected List<Engine> engines() {
        return List.of(new JvmEngine(), PreparedModuleTest.ahead(), new JvmEngine(60));
    }
}
