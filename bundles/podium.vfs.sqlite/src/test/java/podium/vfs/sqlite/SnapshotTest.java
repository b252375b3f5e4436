package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.SnapshotContract;
import podium.vfs.FileSystem;
import podium.vfs.backend.DurableOptions;

/// Snapshots of databases, which are there again when they are opened again.
class SnapshotTest {

    @Nested
    class Contract extends SnapshotContract {

        @TempDir Path directory;

        @Override
        protected FileSystem create() throws IOException {
            NativeLibrary.load(null);
            var file = directory.resolve("data.db");
            var options = new DurableOptions(file, 16 << 20, 1 << 20, 0755, 0, 0);
            return SqliteFileSystem.open(options, false, 0);
        }

        @Override
        protected FileSystem reopen(FileSystem fs) throws IOException {
            fs.close();
            var problems = new ArrayList<String>();
            var file = directory.resolve("data.db");
            assertEquals(0, Check.run(file, false, problems::add).problems(), problems::toString);
            return create();
        }
    }
}
