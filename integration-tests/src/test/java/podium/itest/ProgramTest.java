package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.pod.Result;

/// The program of the distribution, from outside.
class ProgramTest {

    @TempDir Path folder;

    @Test
    void theContainerComesUp() throws Exception {
        var ended = Program.run(folder, "check");
        assertEquals("", ended.error());
        assertTrue(ended.output().matches("\\d+ bundles, started in \\d+ ms\n"), ended.output());
        assertEquals(0, ended.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aContainerStopsCleanlyWhenTold(String signal) throws Exception {
        try (var program = Program.start(folder, List.of("start"))) {
            program.awaitError("container started");
            program.signal(signal);
            var ended = program.await();
            assertEquals(0, ended.status());
            assertEquals(1, ended.error().lines().count(), ended.error());
        }
        try (var left = Files.walk(folder)) {
            assertEquals(
                    List.of(), left.filter(path -> path.toString().endsWith(".sock")).toList());
        }
    }

    @Test
    void severalContainersRunAtOnce() throws Exception {
        try (var one = Program.start(folder, List.of("start"));
                var two = Program.start(folder, List.of("start"))) {
            one.awaitError("container started");
            two.awaitError("container started");
            one.signal("TERM");
            two.signal("TERM");
            assertEquals(0, one.await().status());
            assertEquals(0, two.await().status());
        }
    }

    @Test
    void nothingRunsWhereNothingWasStarted() throws Exception {
        assertEquals(new Result(0, "POD  PID  COMMAND\n", ""), Program.run(folder, "ps"));
        assertEquals(
                new Result(1, "", "podium: no such pod 'x'\n"), Program.run(folder, "kill", "x"));
    }

    @Test
    void aMissingScriptIsOneLine() throws Exception {
        assertEquals(
                new Result(1, "", "podium: cannot find 'missing.js'\n"),
                Program.run(folder, "run", "missing.js"));
    }
}
