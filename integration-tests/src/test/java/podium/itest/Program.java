package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The distribution's program, `bin/podium`, as a process of its own.
final class Program implements AutoCloseable {

    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Path PODIUM = ROOT.resolve("distribution/target/podium/bin/podium");

    /// Long enough for a machine that has much else to do.
    private static final long PATIENCE = 180;

    private final Process process;
    private final Path output;
    private final Path error;

    /// How a program ended.
    record Ended(int status, String output, String error) {}

    private Program(Process process, Path output, Path error) {
        this.process = process;
        this.output = output;
        this.error = error;
    }

    /// @param folder for what it writes; also its runtime folder, so that it sees no other
    /// containers
    static Program start(Path folder, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(PODIUM.toString());
        command.addAll(arguments);
        var output = Files.createTempFile(folder, "output", "");
        var error = Files.createTempFile(folder, "error", "");
        var builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(
                        Map.of(
                                "JAVA_HOME", System.getProperty("java.home"),
                                "XDG_RUNTIME_DIR", folder.toString()));
        builder.redirectOutput(output.toFile()).redirectError(error.toFile());
        return new Program(builder.start(), output, error);
    }

    /// Runs it to its end, with empty input.
    static Ended run(Path folder, String... arguments) throws Exception {
        try (var program = start(folder, List.of(arguments))) {
            program.process.getOutputStream().close();
            return program.await();
        }
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    String error() throws IOException {
        return Files.readString(error);
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /// Waits until standard error has the text.
    void awaitError(String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!error().contains(text)) {
            if (!alive() || System.nanoTime() > end)
                throw new AssertionError("no '" + text + "' but: " + error());
            Thread.sleep(10);
        }
    }

    /// Sends a signal by name, as kill(1) does.
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, "" + pid()).start().waitFor();
    }

    Ended await() throws Exception {
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS))
            throw new AssertionError("still running after " + PATIENCE + " s: " + error());
        return new Ended(process.exitValue(), output(), error());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
