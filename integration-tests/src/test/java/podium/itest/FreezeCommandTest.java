package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Result;

/// `podium freeze` and `podium run --thaw`.
class FreezeCommandTest {

    /// Counts, a number in each tenth of a second.
    private static final String COUNTER =
            """
            #include <stdio.h>
            #include <unistd.h>
            int main(void)
            {
                for (int i = 1;; i++) {
                    printf("number %d\\n", i);
                    fflush(stdout);
                    usleep(100000);
                }
            }
            """;

    @TempDir Path folder;
    private Path module;

    @BeforeEach
    void compile() throws Exception {
        module = folder.resolve("counter.wasm");
        Guest.compile(module, COUNTER);
        Guest.makeFreezable(module);
    }

    private Program counting(String... options) throws Exception {
        var words = new java.util.ArrayList<>(List.of("run", "--name", "counter"));
        words.addAll(List.of(options));
        words.add(module.toString());
        return Program.start(folder, words);
    }

    @Test
    void aProcessGoesOnInAnotherContainer() throws Exception {
        var state = folder.resolve("state").toString();
        try (var first = counting()) {
            first.awaitOutput("number 3\n");
            var frozen = Program.run(folder, "freeze", "counter", "2", state);
            assertEquals(new Result(0, "", ""), frozen);
            var ended = first.await();
            assertEquals(137, ended.status());
            assertEquals("podium: counter.wasm was frozen\n", ended.error());
            int last = (int) ended.output().lines().count();
            try (var second = counting("--thaw", state)) {
                second.awaitOutput("number " + (last + 2) + "\n");
                assertTrue(
                        second.output().startsWith("number " + (last + 1) + "\n"), second.output());
                refusesAndGoesOn(second, state);
                second.signal("TERM");
                assertEquals(143, second.await().status());
            }
        }
        assertFalse(Files.exists(Path.of(state + ".part")));
    }

    private void refusesAndGoesOn(Program running, String state) throws Exception {
        assertEquals(
                new Result(1, "", "podium: '" + state + "': File exists\n"),
                Program.run(folder, "freeze", "counter", "2", state));
        assertEquals(
                new Result(1, "", "podium: pod 'counter' has no process 9\n"),
                Program.run(folder, "freeze", "counter", "9", state));
        assertTrue(running.alive());
        var other = folder.resolve("other").toString();
        assertEquals(
                new Result(0, "", ""),
                Program.run(folder, "freeze", "--leave-running", "counter", "2", other));
        assertTrue(running.alive());
    }

    @Test
    void whatIsNoStateIsOneLine() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "no such thing");
        assertEquals(
                new Result(1, "", "podium: '" + file + "': it is no frozen process\n"),
                Program.run(folder, "run", "--thaw", file.toString(), module.toString()));
        Files.writeString(file, "PO");
        assertEquals(
                new Result(1, "", "podium: '" + file + "': it ends early\n"),
                Program.run(folder, "run", "--thaw", file.toString(), module.toString()));
        assertEquals(
                new Result(1, "", "podium: cannot read 'missing'\n"),
                Program.run(folder, "run", "--thaw", "missing", module.toString()));
    }
}
