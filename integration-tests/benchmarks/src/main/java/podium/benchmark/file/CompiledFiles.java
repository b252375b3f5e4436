package podium.benchmark.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import podium.buildtool.Assembly;
import podium.engine.jvm.JvmEngine;

/// Runs the C program that times files, `src/main/c/files.c`, as a guest over one mount:
/// `TYPE FOLDER ROUNDS DIVISOR WARM MODULE`. The first five are [FileSystems]' own; then comes the
/// program, compiled for guests.
public final class CompiledFiles {

    private static final String PROGRAM = "/files.wasm";

    private CompiledFiles() {}

    public static void main(String[] arguments) throws Exception {
        var mount = Mounts.of(arguments[0], Path.of(arguments[1]));
        var command =
                List.of(
                        PROGRAM,
                        Mounts.TARGET,
                        arguments[2],
                        arguments[3],
                        arguments[4],
                        Mounts.durable(mount) ? "1" : "0");
        try (var assembly = new Assembly(new JvmEngine(), Mounts.types());
                var pod = assembly.kernel().create(Assembly.spec("files").withMount(mount))) {
            Assembly.put(pod, PROGRAM, Files.readAllBytes(Path.of(arguments[5])), 0755);
            GuestFiles.run(pod, command);
        }
    }
}
