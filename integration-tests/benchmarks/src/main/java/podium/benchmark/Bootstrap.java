package podium.benchmark;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import podium.buildtool.Assembly;
import podium.pod.Pod;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// Runs `node -e 0` without its snapshot, so that all of Node's bootstrap runs:
/// `ENGINE TIMES IMAGE MODULES`, the folder with the guest's files and that with its prepared
/// forms.
/// Prints the milliseconds that each process took, one a line.
public final class Bootstrap {

    private Bootstrap() {}

    public static void main(String[] arguments) throws Exception {
        var forms = new Forms(Path.of(arguments[3]));
        var root = MountSpec.of("/", "memory").withOption("seed", arguments[2]);
        try (var assembly = new Assembly(Engines.named(arguments[0]))) {
            assembly.catalog().add(path -> path.endsWith("/snapshot") ? null : forms.open(path));
            try (var pod = assembly.kernel().create(Assembly.spec("bootstrap", root))) {
                for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
                    long before = System.nanoTime();
                    run(pod);
                    System.out.println((System.nanoTime() - before) / 1e6);
                }
            }
        }
    }

    private static void run(Pod pod) throws Exception {
        var command =
                ProcessSpec.of(List.of("/usr/bin/node", "-e", "0"))
                        .withStreams(InputStream.nullInputStream(), System.out, System.err);
        int status = pod.start(command).exit().get();
        if (status != 0) throw new IllegalStateException("node ended with " + status);
    }
}
