package podium.vfs.object;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.DurableFileSystemContract;
import podium.testkit.FileSystemContract;
import podium.testkit.SnapshotContract;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

class ObjectFileSystemTest {

    @Nested
    class Contract extends FileSystemContract {

        @TempDir Path directory;

        @Override
        protected FileSystem create() throws MountException {
            return new PathObjectType()
                    .create(MountSpec.of("/", "object", directory.resolve("s").toString()));
        }
    }

    /// The cache is lost whenever the file system is closed.
    @Nested
    class Snapshots extends SnapshotContract {

        @TempDir Path directory;

        @Override
        protected FileSystem create() throws MountException {
            var source = directory.resolve("s").toString();
            // else what is free is the host's business
            var spec = MountSpec.of("/", "object", source).withOption("size", "16m");
            return new PathObjectType().create(spec);
        }

        @Override
        protected FileSystem reopen(FileSystem fs) throws Exception {
            fs.close();
            Mounts.remove(directory.resolve("s"));
            return create();
        }
    }

    @Nested
    class Durable extends DurableFileSystemContract {

        @Override
        protected FileSystemType type() {
            return new PathObjectType();
        }
    }
}
