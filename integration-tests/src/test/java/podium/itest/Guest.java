package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Programs for pods, compiled from C as `./podium cc` does.
final class Guest {

    private static final Path COMPILER =
            Program.ROOT.resolve("bundles/podium.guest.libc/tools/wasm32-linux-cc");

    private Guest() {}

    /// @param c the text of a program
    static void compile(Path module, String c) throws IOException, InterruptedException {
        var source = Path.of(module + ".c");
        compile(module, Files.writeString(source, c));
    }

    static void compile(Path module, Path source) throws IOException, InterruptedException {
        var compiler =
                new ProcessBuilder(
                                COMPILER.toString(),
                                "-O1",
                                "-w",
                                source.toString(),
                                "-o",
                                module.toString())
                        .inheritIO()
                        .start();
        if (compiler.waitFor() != 0) throw new IOException("cannot compile " + source);
    }
}
