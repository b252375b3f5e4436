package podium.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import podium.buildtool.Assembly;
import podium.cli.Trees;
import podium.kernel.Kernel;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.ProcessSpec;
import podium.pod.Result;
import podium.vfs.MountSpec;

/// A pod with a file system of some type, in which the calls are made.
final class PodMachine implements Machine {

    private static final String PROGRAM = "/calls";
    static final String MOUNT = "/mnt";
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Pod pod;

    /// @param calls the guest program
    /// @param mount what is asked, mounted at [#MOUNT]
    PodMachine(Kernel kernel, String name, byte[] calls, MountSpec mount) throws PodException {
        pod = kernel.create(Assembly.spec(name).withMount(mount));
        Assembly.put(pod, PROGRAM, calls, 0755);
    }

    @Override
    public Result run(String directory, List<String> arguments)
            throws PodException, InterruptedException {
        var command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(arguments);
        return pod.run(ProcessSpec.of(command).withDirectory(directory), TIMEOUT);
    }

    @Override
    public String root(String name) throws IOException {
        var root = Files.createDirectory(path(MOUNT).resolve(name));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
        return root.toString();
    }

    private Path path(String name) {
        return pod.fileSystem().getPath(name);
    }

    @Override
    public void remove(String name) throws IOException {
        Trees.remove(path(name));
    }

    @Override
    public void close() {
        pod.close();
    }
}
