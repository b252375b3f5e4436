package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import podium.pod.Result;

/// The distribution's program, `bin/podium`, as a process of its own.
final class Program implements AutoCloseable {

    static final Path ROOT = RealNode.ROOT;

    static final Path PODIUM = ROOT.resolve("distribution/target/podium/bin/podium");

    /// Seconds after which something hangs, on a machine that may have much else to do.
    private static final long PATIENCE = 180;

    private final Process process;
    private final Path output;
    private final Path error;

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
        return launch(folder, command);
    }

    /// Starts a command that starts it, such as a shell.
    static Program launch(Path folder, List<String> command) throws IOException {
        return launch(folder, Map.of(), command);
    }

    /// The same with further variables.
    static Program launch(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        var output = Files.createTempFile(folder, "output", "");
        var error = Files.createTempFile(folder, "error", "");
        var builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(
                        Map.of(
                                "JAVA_HOME", System.getProperty("java.home"),
                                "XDG_RUNTIME_DIR", folder.toString()));
        builder.environment().putAll(environment);
        builder.redirectOutput(output.toFile()).redirectError(error.toFile());
        return new Program(builder.start(), output, error);
    }

    /// Runs it to its end, with empty input.
    static Result run(Path folder, String... arguments) throws Exception {
        return start(folder, List.of(arguments)).ended();
    }

    /// The same with further variables.
    static Result run(Path folder, Map<String, String> environment, List<String> arguments)
            throws Exception {
        var command = new ArrayList<>(List.of(PODIUM.toString()));
        command.addAll(arguments);
        return launch(folder, environment, command).ended();
    }

    /// Runs a command that starts it, such as a shell, to its end, with empty input.
    static Result ended(Path folder, List<String> command) throws Exception {
        return launch(folder, command).ended();
    }

    private Result ended() throws Exception {
        try (this) {
            process.getOutputStream().close();
            return await();
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
        await(error, text);
    }

    /// Waits until standard output has the text.
    void awaitOutput(String text) throws Exception {
        await(output, text);
    }

    private void await(Path file, String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!Files.readString(file).contains(text)) {
            if (!alive() || System.nanoTime() > end)
                throw new AssertionError("no '" + text + "' but: " + output() + error());
            Thread.sleep(10);
        }
    }

    /// Sends a signal by name, as kill(1) does.
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, "" + pid()).start().waitFor();
    }

    Result await() throws Exception {
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS))
            throw new AssertionError("still running after " + PATIENCE + " s: " + error());
        return new Result(process.exitValue(), output(), error());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
