package podium.buildtool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import podium.pod.Pod;
import podium.testkit.ProgramContract;

class ProgramsTest extends ProgramContract {

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
    protected Pod pod() throws Exception {
        return assembly.kernel().create(Assembly.spec(""));
    }
}
