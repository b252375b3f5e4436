package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.pod.Result;

/// A program gets the signals that its launcher gets, and may take its time.
class SignalTest {

    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private static final String HEARS =
            "for (const s of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(s, () =>"
                    + " setTimeout(() => { console.log('got', s); process.exit(7) }, 100));"
                    + " setInterval(() => {}, 1e6); console.error('up')";

    private static final String DOES_NOT = "setInterval(() => {}, 1e6); console.error('up')";

    private static final String DEAF =
            "process.on('SIGTERM', () => console.error('no'));" + DOES_NOT;

    @TempDir Path folder;

    private Result signalled(String signal, String code, String... options) throws Exception {
        var command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(options));
        command.addAll(List.of("-e", code));
        try (var program = Program.start(folder, command)) {
            program.awaitError("up");
            program.signal(signal);
            return program.await();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "TERM"})
    void itsOwnContainersProgramGetsTheSignal(String signal) throws Exception {
        assertEquals(new Result(7, "got SIG" + signal + "\n", "up\n"), signalled(signal, HEARS));
        assertEquals(
                new Result(128 + NUMBERS.get(signal), "", "up\n"), signalled(signal, DOES_NOT));
    }

    @Test
    void whoDoesNotListenIsEndedByForce() throws Exception {
        var ended = signalled("TERM", DEAF);
        assertEquals(new Result(137, "", "up\nno\n"), ended);
    }

    @Test
    void anAttachedProgramGetsTheSignal() throws Exception {
        try (var container = Program.start(folder, List.of("start"))) {
            container.awaitError("container started");
            for (var signal : NUMBERS.keySet()) {
                assertEquals(
                        new Result(7, "got SIG" + signal + "\n", "up\n"),
                        signalled(signal, HEARS, "--attach"));
                assertEquals(
                        new Result(128 + NUMBERS.get(signal), "", "up\n"),
                        signalled(signal, DOES_NOT, "--attach"));
            }
            secondSignalEndsTheClient();
            clientThatIsGoneTakesItsProgramAlong();
            containersEndIsTheProgramsToHear(container);
        }
    }

    private void secondSignalEndsTheClient() throws Exception {
        try (var program = Program.start(folder, List.of("node", "--attach", "-e", DEAF))) {
            program.awaitError("up");
            program.signal("TERM");
            program.awaitError("no");
            program.signal("TERM");
            assertEquals(143, program.await().status());
        }
        awaitNoProcess();
    }

    /// Also while its input is more than the program reads.
    private void clientThatIsGoneTakesItsProgramAlong() throws Exception {
        try (var program = Program.start(folder, List.of("node", "--attach", "-e", DOES_NOT))) {
            program.awaitError("up");
            program.signal("KILL");
            assertEquals(137, program.await().status());
        }
        awaitNoProcess();
    }

    private void awaitNoProcess() throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        while (Program.run(folder, "ps").output().lines().count() > 1)
            assertTrue(System.nanoTime() < end, "the program is left over");
    }

    private void containersEndIsTheProgramsToHear(Program container) throws Exception {
        try (var program = Program.start(folder, List.of("node", "--attach", "-e", HEARS))) {
            program.awaitError("up");
            container.signal("TERM");
            assertEquals(new Result(7, "got SIGTERM\n", "up\n"), program.await());
            assertEquals(0, container.await().status());
        }
    }
}
