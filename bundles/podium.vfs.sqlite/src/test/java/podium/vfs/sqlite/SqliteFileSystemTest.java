package podium.vfs.sqlite;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.DurableFileSystemContract;
import podium.testkit.FileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

class SqliteFileSystemTest {

    @Nested
    class Contract extends FileSystemContract {

        @TempDir Path directory;

        @Override
        protected FileSystem create() throws MountException {
            return new SqliteFileSystemType()
                    .create(MountSpec.of("/", "sqlite", directory.resolve("data.db").toString()));
        }
    }

    @Nested
    class Durable extends DurableFileSystemContract {

        @Override
        protected FileSystemType type() {
            return new SqliteFileSystemType();
        }
    }
}
