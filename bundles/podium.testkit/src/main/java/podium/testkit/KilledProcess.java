package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// A process that a test starts, and kills at some moment.
public final class KilledProcess {

    private KilledProcess() {}

    /// Runs a class's main method in a process of its own, until it is killed with SIGKILL. Its
    /// first argument is the crash's directory.
    ///
    /// @param some how many lines it says before
    /// @param milliseconds that it goes on after them
    /// @return the lines that it has said; "null" for each of the first that it has not said when
    ///     it ends
    public static List<String> run(
            Crash crash, int some, int milliseconds, Class<?> main, String... arguments)
            throws IOException, InterruptedException, ExecutionException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName(),
                                crash.directory().toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(crash.complaints()).start();
        var lines = new ArrayList<String>();
        try (var in = process.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < some; i++) lines.add(String.valueOf(in.readLine()));
            var killing = killing(crash, process, milliseconds);
            for (var line = in.readLine(); line != null; line = in.readLine()) lines.add(line);
            killing.get();
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        crash.recover();
        return lines;
    }

    /// Has it killed with SIGKILL in some time.
    public static Future<?> killing(Crash crash, Process process, int milliseconds) {
        var killing =
                new FutureTask<>(
                        () -> {
                            Thread.sleep(milliseconds);
                            try {
                                crash.strike(process);
                            } finally {
                                // By its handle: the process itself would close what it said last.
                                process.toHandle().destroyForcibly();
                            }
                            return true;
                        });
        Thread.ofVirtual().start(killing);
        return killing;
    }
}
