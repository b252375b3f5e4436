package podium.benchmark.file;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import podium.buildtool.Assembly;
import podium.engine.jvm.JvmEngine;
import podium.pod.PodException;
import podium.vfs.MountSpec;
import podium.vfs.host.HostFileSystemType;
import podium.vfs.memory.MemoryFileSystemType;
import podium.vfs.overlay.OverlayFileSystemType;
import podium.vfs.sqlite.SqliteFileSystemType;
import podium.vfs.store.StoreFileSystemType;

/// An empty directory of some file system. Those of pods are reached through
/// [podium.pod.Pod#fileSystem()], and so through the pod's namespace and the VFS.
///
/// @param root the directory
/// @param durable whether syncing does something
/// @param end what ends it
record Place(Path root, boolean durable, Closeable end) implements Closeable {

    private static final String MOUNT = "/files";

    /// @param name a type of mounts, `jimfs`, or `tmpfs` or `disk` for the folder itself, which is
    ///     on such
    /// @param folder empty
    static Place of(String name, Path folder) throws IOException, PodException {
        return switch (name) {
            case "memory" -> mounted(MountSpec.of(MOUNT, name), false);
            case "overlay" -> mounted(overlay(), false);
            case "store", "sqlite" -> mounted(at(name, folder.resolve(name)), true);
            case "host" -> mounted(at(name, folder), true);
            case "jimfs" -> jimfs();
            case "tmpfs" -> new Place(folder, false, () -> {});
            case "disk" -> new Place(folder, true, () -> {});
            default -> throw new IllegalArgumentException("there is no file system " + name);
        };
    }

    private static MountSpec at(String type, Path source) {
        return MountSpec.of(MOUNT, type, source.toString());
    }

    private static MountSpec overlay() {
        return MountSpec.of(MOUNT, "overlay")
                .withOption("upper", "memory")
                .withOption("lower.1", "memory");
    }

    private static Place mounted(MountSpec spec, boolean durable) throws PodException {
        var memory = new MemoryFileSystemType();
        var types =
                List.of(
                        memory,
                        new OverlayFileSystemType(List.of(memory)),
                        new StoreFileSystemType(),
                        new SqliteFileSystemType(),
                        new HostFileSystemType());
        var assembly = new Assembly(new JvmEngine(), types);
        var pod = assembly.kernel().create(Assembly.spec("files").withMount(spec));
        return new Place(pod.fileSystem().getPath(MOUNT), durable, assembly::close);
    }

    private static Place jimfs() throws IOException {
        var system = Jimfs.newFileSystem(Configuration.unix());
        return new Place(Files.createDirectory(system.getPath(MOUNT)), false, system);
    }

    @Override
    public void close() throws IOException {
        end.close();
    }
}
