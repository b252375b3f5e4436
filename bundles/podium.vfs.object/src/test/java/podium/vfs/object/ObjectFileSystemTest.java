package podium.vfs.object;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.DurableFileSystemContract;
import podium.testkit.FileSystemContract;
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

    @Nested
    class Durable extends DurableFileSystemContract {

        @Override
        protected FileSystemType type() {
            return new PathObjectType();
        }
    }
}
