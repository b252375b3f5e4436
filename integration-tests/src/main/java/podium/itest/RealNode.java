package podium.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.pod.Result;

/// The real Node.js whose library the guest has: what the guest must do, it does.
final class RealNode {

    /// The source tree. Inside Felix a property says where it is.
    static final Path ROOT =
            Path.of(System.getProperty("podium.itest.root", "..")).toAbsolutePath().normalize();

    private static @Nullable Path program;

    private RealNode() {}

    /// The pinned release, as the build fetched it.
    static synchronized Path program() throws IOException, InterruptedException {
        var known = program;
        if (known != null) return known;
        var fetch = ROOT.resolve("cnf/fetch").toString();
        var process = new ProcessBuilder(fetch, "--unpack", "node").start();
        var tree = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (process.waitFor() != 0) throw new IOException("cnf/fetch node failed");
        try (var files = Files.walk(Path.of(tree), 3)) {
            return program =
                    files.filter(file -> file.endsWith("bin/node")).findFirst().orElseThrow();
        }
    }

    /// Runs it in a folder with the arguments and the input.
    static Result run(Path folder, String input, String... arguments) throws Exception {
        return run(folder, null, input, List.of(arguments));
    }

    /// Runs it in a folder with the arguments and the input.
    ///
    /// @param environment all there is; null for this process's
    static Result run(
            Path folder,
            @Nullable Map<String, String> environment,
            String input,
            List<String> arguments)
            throws Exception {
        var command = new ArrayList<>(List.of(program().toString()));
        command.addAll(arguments);
        var output = Files.createTempFile("podium", ".out");
        var error = Files.createTempFile("podium", ".err");
        try {
            var builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectOutput(output.toFile())
                            .redirectError(error.toFile());
            if (environment != null) {
                builder.environment().clear();
                builder.environment().putAll(environment);
            }
            var process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(UTF_8));
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) throw new AssertionError("node hangs");
            return new Result(
                    process.exitValue(), Files.readString(output), Files.readString(error));
        } finally {
            Files.delete(output);
            Files.delete(error);
        }
    }
}
