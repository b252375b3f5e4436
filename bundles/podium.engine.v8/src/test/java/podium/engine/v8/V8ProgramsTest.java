package podium.engine.v8;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import podium.buildtool.Assembly;
import podium.pod.Pod;
import podium.testkit.ProgramContract;

/// The whole system on V8.
class V8ProgramsTest extends ProgramContract {

    /// They start threads of their own.
    private static final Set<String> THREADED =
            Set.of(
                    "cancel",
                    "contention",
                    "cplusplus",
                    "epoll",
                    "event_loop",
                    "eventfd",
                    "frozen",
                    "pipes",
                    "poll",
                    "signals",
                    "sockets",
                    "threads");

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
    protected boolean runs(String program) {
        return !THREADED.contains(program);
    }

    @Override
    protected Pod pod() throws Exception {
        return assembly.kernel().create(Assembly.spec(""));
    }
}
