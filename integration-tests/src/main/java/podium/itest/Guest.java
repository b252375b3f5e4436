package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import podium.pod.Pod;

/// Programs for pods, compiled from C as `./podium cc` does.
final class Guest {

    private static final Path TOOLS = RealNode.ROOT.resolve("bundles/podium.guest.libc/tools");
    private static final Path COMPILER = TOOLS.resolve("wasm32-linux-cc");

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

    /// Puts a program into a pod, to be executed.
    static void install(Pod pod, String path, byte[] module) throws IOException {
        var file = pod.fileSystem().getPath(path);
        Files.write(file, module);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Makes a program such as can be frozen, as `./podium freezable` does.
    static void makeFreezable(Path module) throws IOException, InterruptedException {
        var command = List.of(TOOLS.resolve("wasm32-linux-freezable").toString(), "" + module);
        var tool = new ProcessBuilder(command).inheritIO().start();
        if (tool.waitFor() != 0) throw new IOException("cannot make freezable: " + module);
    }
}
