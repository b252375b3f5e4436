package podium.benchmark.file;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import podium.benchmark.Forms;
import podium.buildtool.Assembly;
import podium.engine.jvm.JvmEngine;
import podium.pod.Pod;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// Runs the folder of a Node program that times files on the guest, over one mount:
/// `TYPE FOLDER ROUNDS DIVISOR WARM IMAGE MODULES PROGRAM`. The first five are [FileSystems]' own;
/// then come the folder with the guest's files, that with its prepared forms, and the program's.
public final class GuestFiles {

    private GuestFiles() {}

    public static void main(String[] arguments) throws Exception {
        var mount = Mounts.of(arguments[0], Path.of(arguments[1]));
        var root = MountSpec.of("/", "memory").withOption("seed", arguments[5]);
        var spec =
                Assembly.spec("files", root)
                        .withMount(mount)
                        .withMount(MountSpec.of("/program", "host", arguments[7]).asReadOnly());
        var command =
                List.of(
                        "/usr/bin/node",
                        "/program/index.js",
                        Mounts.TARGET,
                        arguments[2],
                        arguments[3],
                        arguments[4],
                        Mounts.durable(mount) ? "1" : "0");
        try (var assembly = new Assembly(new JvmEngine(), Mounts.types())) {
            assembly.catalog().add(new Forms(Path.of(arguments[6])));
            try (var pod = assembly.kernel().create(spec)) {
                run(pod, command);
            }
        }
    }

    /// Runs a program to its end, whose output is this one's.
    static void run(Pod pod, List<String> command) throws Exception {
        var streams =
                ProcessSpec.of(command)
                        .withStreams(InputStream.nullInputStream(), System.out, System.err);
        int status = pod.start(streams).exit().get();
        if (status != 0) throw new IllegalStateException(command + " ended with " + status);
    }
}
