package podium.vfs.overlay;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import podium.testkit.MigrationContract;
import podium.vfs.FileSystemType;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;
import podium.vfs.host.HostFileSystemType;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;
import podium.vfs.sqlite.SqliteFileSystemType;
import podium.vfs.store.StoreFileSystemType;

/// All pairs of backends that can be written. (Here, since here all of them are at hand: one more
/// is a type, and how to mount it.)
class MigrationTest extends MigrationContract {

    private static List<FileSystemType> types() {
        var some =
                List.of(
                        new MemoryFileSystemType(),
                        new HostFileSystemType(),
                        new StoreFileSystemType(),
                        new SqliteFileSystemType());
        var all = new java.util.ArrayList<FileSystemType>(some);
        all.add(new OverlayFileSystemType(some));
        return all;
    }

    static Vfs vfs() {
        return new VfsService(types(), null);
    }

    @Override
    protected Vfs create() {
        return vfs();
    }

    @Override
    protected Map<String, Function<Path, MountSpec>> backends() {
        return specs();
    }

    /// How to mount each of them on an empty directory of its own.
    static Map<String, Function<Path, MountSpec>> specs() {
        return new TreeMap<>(
                Map.of(
                        "memory",
                        _ -> MountSpec.of("/", "memory"),
                        "host",
                        directory -> MountSpec.of("/", "host", directory.toString()),
                        "store",
                        directory -> MountSpec.of("/", "store", directory.toString()),
                        "sqlite",
                        directory ->
                                MountSpec.of("/", "sqlite", directory.resolve("db").toString()),
                        "overlay",
                        _ ->
                                MountSpec.of("/", "overlay")
                                        .withOption("upper", "memory")
                                        .withOption("lower.1", "memory")));
    }
}
