package podium.buildtool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.pod.ProcessSpec;

/// Freezes programs while they run, over and over, every other time to thaw another process of what
/// was written: they do what they do on Linux.
class FrozenProgramsTest extends ProgramsTest {

    private static int thawed;

    @AfterAll
    static void wereThawed() {
        assertTrue(thawed > 50, () -> "thawed " + thawed + " times");
    }

    @Override
    protected String module() {
        return "freezable.wasm";
    }

    @Override
    protected PodProcess toItsEnd(Pod pod, ProcessSpec spec, PodProcess process) throws Exception {
        var running = process;
        double pause = 1;
        for (boolean ends = false; running.alive(); ends = !ends) {
            // Each time it gets a call further, at least; it is to come to its end.
            Thread.sleep((long) (pause *= 1.1));
            var state = new ByteArrayOutputStream();
            try (var frozen = running.freeze(Duration.ofSeconds(10))) {
                frozen.writeTo(state);
                if (ends) frozen.end();
            } catch (PodException refused) {
                continue;
            }
            if (!ends) continue;
            running = pod.thaw(new ByteArrayInputStream(state.toByteArray()), spec);
            thawed++;
        }
        return running;
    }
}
