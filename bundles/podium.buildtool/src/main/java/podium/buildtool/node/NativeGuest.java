package podium.buildtool.node;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import podium.pod.Result;

/// A Node of this machine: the guest's native build, or the real one. It works in the checkout
/// itself.
final class NativeGuest implements Guest {

    private static final int SIGKILL = 137;
    private static final int TIMED_OUT = 124;

    private final Path program;
    private final Path checkout;
    private final Path folder;
    private final String number;

    /// @param folder for its files
    /// @param number of this guest, among those that run at once
    NativeGuest(Path program, Path checkout, Path folder, int number) throws IOException {
        this.program = program;
        this.checkout = checkout;
        this.folder = Files.createDirectories(folder);
        this.number = Integer.toString(number);
    }

    @Override
    public Result run(List<String> arguments, Map<String, String> environment, Duration timeout)
            throws IOException, InterruptedException {
        // A session of its own, and a process group that `timeout` ends as a whole.
        var command = new ArrayList<>(List.of("setsid", "timeout", "--signal=KILL"));
        command.add(timeout.toSeconds() + "s");
        command.add(program.toString());
        command.addAll(arguments);
        var output = folder.resolve("output");
        var error = folder.resolve("error");
        var builder =
                new ProcessBuilder(command)
                        .directory(checkout.toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(output.toFile())
                        .redirectError(error.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("NODE_"));
        builder.environment().put("NODE_TEST_DIR", folder.toString());
        builder.environment().put("TEST_THREAD_ID", number);
        builder.environment().putAll(environment);
        long began = System.nanoTime();
        var process = builder.start();
        int status = process.waitFor();
        boolean late = System.nanoTime() - began >= timeout.toNanos();
        new ProcessBuilder("kill", "-KILL", "--", "-" + process.pid())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return new Result(
                status == SIGKILL && late ? TIMED_OUT : status, text(output), text(error));
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(Result.OUTPUT_LIMIT), StandardCharsets.UTF_8);
        }
    }

    @Override
    public String place(String resource) throws IOException {
        var file = folder.resolve(resource);
        try (var in = NativeGuest.class.getResourceAsStream(resource)) {
            if (in == null) throw new FileNotFoundException(resource);
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file.toString();
    }

    @Override
    public void close() {}
}
