package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that a test starts, and kills at some moment.
public final class KilledProcess {

    private KilledProcess() {}

    /// Runs a class's main method in a process of its own, until it is killed with SIGKILL.
    ///
    /// @param milliseconds that it goes on after it has said something
    /// @return the lines that it has said; "null" when it has ended before it said any
    static List<String> run(int milliseconds, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(1, milliseconds, main, arguments);
    }

    /// The same for one that goes on after it has said some lines; for each that it has not said
    /// when it ends, there is a "null".
    public static List<String> run(int some, int milliseconds, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var lines = new ArrayList<String>();
        try (var in = process.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < some; i++) lines.add(String.valueOf(in.readLine()));
            var killer = Thread.ofVirtual().start(() -> kill(process, milliseconds));
            for (var line = in.readLine(); line != null; line = in.readLine()) lines.add(line);
            killer.join();
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        return lines;
    }

    /// Kills it with SIGKILL in some time, for which the thread waits.
    public static void kill(Process process, int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // By its handle: the process itself would close what it said last.
        process.toHandle().destroyForcibly();
    }
}
