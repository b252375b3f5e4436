package podium.benchmark.file;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import podium.buildtool.Assembly;
import podium.engine.jvm.JvmEngine;
import podium.pod.PodException;
import podium.vfs.MountSpec;

/// An empty directory of some file system. Those of pods are reached through
/// [podium.pod.Pod#fileSystem()], and so through the pod's namespace and the VFS.
///
/// @param root the directory
/// @param durable whether syncing does something
/// @param end what ends it
record Place(Path root, boolean durable, Closeable end) implements Closeable {

    /// @param name a type of mounts, `jimfs`, or `tmpfs` or `disk` for the folder itself, which is
    ///     on such
    /// @param folder empty
    static Place of(String name, Path folder) throws IOException, PodException {
        return switch (name) {
            case "jimfs" -> jimfs();
            case "tmpfs" -> new Place(folder, false, () -> {});
            case "disk" -> new Place(folder, true, () -> {});
            default -> mounted(Mounts.of(name, folder));
        };
    }

    private static Place mounted(MountSpec spec) throws PodException {
        var assembly = new Assembly(new JvmEngine(), Mounts.types());
        var pod = assembly.kernel().create(Assembly.spec("files").withMount(spec));
        var root = pod.fileSystem().getPath(Mounts.TARGET);
        return new Place(root, Mounts.durable(spec), assembly::close);
    }

    private static Place jimfs() throws IOException {
        var system = Jimfs.newFileSystem(Configuration.unix());
        return new Place(Files.createDirectory(system.getPath("/files")), false, system);
    }

    @Override
    public void close() throws IOException {
        end.close();
    }
}
