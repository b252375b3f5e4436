package podium.engine.v8;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import podium.buildtool.Assembly;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.testkit.ProcessContract;

class V8ProcessesTest extends ProcessContract {

    private static Assembly assembly;

    @BeforeAll
    static void assemble() {
        assembly = new Assembly(TestEngine.INSTANCE);
    }

    @AfterAll
    static void close() {
        assembly.close();
    }

    @Override
    protected PodManager pods() {
        return assembly.kernel();
    }

    @Override
    protected PodSpec spec(String name) {
        return Assembly.spec(name);
    }
}
