package podium.vfs.object;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import podium.testkit.MigrationContract;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;
import podium.vfs.store.StoreFileSystemType;

/// To a bucket, from it, and from one to another. (What is not in the distribution is not among the
/// pairs of podium.vfs.overlay.)
class MigrationTest extends MigrationContract {

    @Override
    protected Vfs create() {
        return new VfsService(
                List.of(
                        new MemoryFileSystemType(),
                        new StoreFileSystemType(),
                        new PathObjectType()),
                null);
    }

    @Override
    protected Map<String, Function<Path, MountSpec>> backends() {
        return new TreeMap<>(
                Map.of(
                        "store",
                        directory -> MountSpec.of("/", "store", directory.toString()),
                        "object",
                        directory -> MountSpec.of("/", "object", directory.toString())));
    }
}
