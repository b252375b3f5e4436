package podium.buildtool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.testkit.ProcessContract;

class ProcessesTest extends ProcessContract {

    private static Assembly assembly;

    @BeforeAll
    static void assemble() {
        assembly = new Assembly();
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
