package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The real Node.js whose library the guest has: what the guest must do, it does.
final class RealNode {

    private RealNode() {}

    /// The pinned release, as the build fetched it.
    static Path program() throws IOException, InterruptedException {
        var fetch = Program.ROOT.resolve("cnf/fetch").toString();
        var process =
                new ProcessBuilder(fetch, "--unpack", "node").redirectErrorStream(false).start();
        var tree = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) throw new IOException("cnf/fetch node failed");
        try (var files = Files.walk(Path.of(tree), 3)) {
            return files.filter(file -> file.endsWith("bin/node")).findFirst().orElseThrow();
        }
    }

    /// Runs it in a folder with the arguments and the input.
    static Program.Ended run(Path folder, String input, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(program().toString()));
        command.addAll(Arrays.asList(arguments));
        var output = Files.createTempFile("podium", ".out");
        var error = Files.createTempFile("podium", ".err");
        try {
            var process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectOutput(output.toFile())
                            .redirectError(error.toFile())
                            .start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes());
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) throw new AssertionError("node hangs");
            return new Program.Ended(
                    process.exitValue(), Files.readString(output), Files.readString(error));
        } finally {
            Files.delete(output);
            Files.delete(error);
        }
    }
}
