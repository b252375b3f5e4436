package podium.benchmark.file;

import java.nio.file.Path;
import java.util.List;
import podium.vfs.FileSystemType;
import podium.vfs.MountSpec;
import podium.vfs.host.HostFileSystemType;
import podium.vfs.memory.MemoryFileSystemType;
import podium.vfs.overlay.OverlayFileSystemType;
import podium.vfs.sqlite.SqliteFileSystemType;
import podium.vfs.store.StoreFileSystemType;

/// What pods mount.
final class Mounts {

    static final String TARGET = "/files";

    private Mounts() {}

    /// @param type of the mount
    /// @param folder of this machine, empty, for what it keeps there
    static MountSpec of(String type, Path folder) {
        var source = type.equals("host") ? folder : folder.resolve(type);
        return switch (type) {
            case "memory" -> MountSpec.of(TARGET, type);
            case "overlay" ->
                    MountSpec.of(TARGET, type)
                            .withOption("upper", "memory")
                            .withOption("lower.1", "memory");
            case "store", "sqlite", "host" -> MountSpec.of(TARGET, type, source.toString());
            default -> throw new IllegalArgumentException("there is no file system " + type);
        };
    }

    /// Whether syncing does something.
    static boolean durable(MountSpec spec) {
        return !spec.source().isEmpty();
    }

    /// The types that [#of] knows.
    static List<FileSystemType> types() {
        var memory = new MemoryFileSystemType();
        return List.of(
                memory,
                new OverlayFileSystemType(List.of(memory)),
                new StoreFileSystemType(),
                new SqliteFileSystemType(),
                new HostFileSystemType());
    }
}
