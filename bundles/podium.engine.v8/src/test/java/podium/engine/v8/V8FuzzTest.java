package podium.engine.v8;

import java.util.List;
import podium.engine.Engine;
import podium.engine.jvm.JvmEngine;
import podium.testkit.fuzz.FuzzCommand;
import podium.testkit.fuzz.FuzzContract;

/// The two engines know nothing of one another, so each is the other's oracle.
class V8FuzzTest extends FuzzContract {

    @Override
    protected List<Engine> engines() {
        return List.of(new JvmEngine(), TestEngine.INSTANCE);
    }

    /// What `./podium fuzz` runs.
    public static void main(String[] arguments) throws InterruptedException {
        var engines = List.of(new JvmEngine(), TestEngine.INSTANCE);
        Runtime.getRuntime().halt(FuzzCommand.run(engines, arguments, System.out));
    }
}
