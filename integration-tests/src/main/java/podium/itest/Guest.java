package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs for pods, compiled from C as `./podium cc` does.
final class Guest {

    private static final Path COMPILER =
            RealNode.ROOT.resolve("bundles/podium.guest.libc/tools/wasm32-linux-cc");

    private Guest() {}

    /// @param c the text of a program
    /// @param options of the compiler's
    static void compile(Path module, String c, String... options)
            throws IOException, InterruptedException {
        var source = Path.of(module + ".c");
        compile(module, Files.writeString(source, c), options);
    }

    static void compile(Path module, Path source, String... options)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(COMPILER.toString(), "-O1", "-w"));
        command.addAll(List.of(options));
        command.addAll(List.of(source.toString(), "-o", module.toString()));
        var compiler = new ProcessBuilder(command).inheritIO().start();
        if (compiler.waitFor() != 0) throw new IOException("cannot compile " + source);
    }
}
