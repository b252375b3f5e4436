package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.pod.Result;

/// An embedder's view: pods from the service registry, programs in them.
@Timeout(60)
class PodTest {

    @InjectService(timeout = 10_000)
    PodManager pods;

    private Result node(String code) throws Exception {
        try (var pod = pods.create(PodSpec.of("it"))) {
            return pod.run("node", "-e", code);
        }
    }

    @Test
    void aRunGivesStatusOutputAndErrorApart() throws Exception {
        assertEquals(
                new Result(3, "out\n", "err\n"),
                node("console.log('out'); console.error('err'); process.exitCode = 3"));
    }

    @Test
    void whatIsNotThereIsSaidInOneLine() throws Exception {
        try (var pod = pods.create(PodSpec.of("it"))) {
            var e = assertThrows(PodException.class, () -> pod.run("no-such-program"));
            assertEquals(127, e.status());
            assertEquals(1, e.getMessage().lines().count());
        }
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        try (var _ = pods.create(PodSpec.of("it"))) {
            assertThrows(PodException.class, () -> pods.create(PodSpec.of("it")));
        }
        assertNull(pods.pod("it"));
    }

    @Test
    void onlyWhatIsGrantedIsInTheEnvironment() throws Exception {
        var code =
                "console.log(process.env.A, process.env.HOME?.startsWith('/root/.'), process.env.JAVA_HOME)";
        try (var pod = pods.create(PodSpec.of("it").withEnvironment(Map.of("A", "1")))) {
            assertEquals("1 false undefined\n", pod.run("node", "-e", code).output());
        }
    }

    @Test
    void aSpinningProgramIsKilled() throws Exception {
        try (var pod = pods.create(PodSpec.of("it"))) {
            var process = pod.start(ProcessSpec.of(List.of("node", "-e", "for (;;);")));
            assertTrue(process.alive());
            assertEquals(143, process.kill(Duration.ofSeconds(10)));
            assertFalse(process.alive());
        }
    }

    /// A module of the program's that does not end, or its start function, or one that calls back
    /// and is called without end.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "module([3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]).f()",
                "module([3, 2, 1, 0, 8, 1, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11])",
                "module([2, 7, 1, 1, 109, 1, 102, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 1,"
                        + " 10, 11, 1, 9, 0, 3, 64, 16, 0, 12, 0, 11, 11], { m: { f() {} } }).f()"
            })
    void aSpinningModuleOfAProgramIsKilled(String spin) throws Exception {
        var module =
                "const module = (rest, imports) => new WebAssembly.Instance(new WebAssembly.Module("
                        + "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, ...rest])), imports).exports;"
                        + "console.log('begun');";
        try (var pod = pods.create(PodSpec.of("it"))) {
            for (int signal : new int[] {9, 15}) {
                var output = new java.io.ByteArrayOutputStream();
                var process =
                        pod.start(
                                ProcessSpec.of(List.of("node", "-e", module + spin))
                                        .withStreams(
                                                InputStream.nullInputStream(),
                                                output,
                                                java.io.OutputStream.nullOutputStream()));
                for (int i = 0; i < 1000 && output.size() == 0; i++) Thread.sleep(10);
                Thread.sleep(50);
                assertTrue(process.alive(), output::toString);
                process.signal(signal);
                assertEquals(128 + signal, process.exit().get(10, TimeUnit.SECONDS), spin);
            }
        }
    }

    @Test
    void closingAPodEndsItsProcesses() throws Exception {
        var pod = pods.create(PodSpec.of("it"));
        var process =
                pod.start(ProcessSpec.of(List.of("node", "-e", "setInterval(() => {}, 1e6)")));
        pod.close();
        assertEquals(137, process.exit().get(1, TimeUnit.SECONDS));
    }

    @Test
    void inputReachesTheProgram() throws Exception {
        var output = new java.io.ByteArrayOutputStream();
        InputStream input =
                new java.io.ByteArrayInputStream(
                        "console.log(6 * 7)".getBytes(StandardCharsets.UTF_8));
        try (var pod = pods.create(PodSpec.of("it"))) {
            var process =
                    pod.start(
                            ProcessSpec.of(List.of("node", "-"))
                                    .withStreams(
                                            input,
                                            output,
                                            java.io.OutputStream.nullOutputStream()));
            assertEquals(0, process.exit().get(60, TimeUnit.SECONDS));
        }
        assertEquals("42\n", output.toString(StandardCharsets.UTF_8));
    }

    @Test
    void podsDoNotSeeEachOthersFiles() throws Exception {
        try (var one = pods.create(PodSpec.of("one"));
                var two = pods.create(PodSpec.of("two"))) {
            one.run("node", "-e", "require('fs').writeFileSync('/tmp/x', '')");
            var look = "console.log(require('fs').existsSync('/tmp/x'))";
            assertEquals("true\n", one.run("node", "-e", look).output());
            assertEquals("false\n", two.run("node", "-e", look).output());
        }
    }
}
