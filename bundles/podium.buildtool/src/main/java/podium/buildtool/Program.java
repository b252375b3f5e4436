package podium.buildtool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.pod.Limits;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.ProcessSpec;
import podium.vfs.MountSpec;

/// A program alone in a pod of its own.
final class Program implements AutoCloseable {

    private final Pod pod;
    private final String path;

    /// @param root whose content the pod's root has, beside the program; null for none
    Program(Assembly assembly, @Nullable Path root, Path module) throws IOException, PodException {
        this(assembly, root, module, Limits.DEFAULT);
    }

    Program(Assembly assembly, @Nullable Path root, Path module, Limits limits)
            throws IOException, PodException {
        var mount = MountSpec.of("/", "memory");
        if (root != null) mount = mount.withOption("seed", root.toString());
        path = "/" + module.getFileName();
        var content = Files.readAllBytes(module);
        pod = assembly.kernel().create(Assembly.spec("", mount).withLimits(limits));
        Assembly.put(pod, path, content, 0755);
    }

    Pod pod() {
        return pod;
    }

    /// To run it: without input, its output being the tool's.
    ProcessSpec command(List<String> arguments) {
        var words = new ArrayList<String>();
        words.add(path);
        words.addAll(arguments);
        return ProcessSpec.of(words)
                .withStreams(InputStream.nullInputStream(), System.out, System.err);
    }

    @Override
    public void close() {
        pod.close();
    }
}
