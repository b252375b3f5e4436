package podium.vfs.overlay;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.MountSnapshotContract;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;

/// The backends that keep snapshots, mounted. (Here, since here all of them are at hand.)
class MountSnapshotTest {

    @Nested
    class Memory extends MountSnapshotContract {

        @Override
        protected Vfs create() {
            return MigrationTest.vfs();
        }

        @Override
        protected MountSpec spec(String target) {
            return MountSpec.of(target, "memory");
        }
    }

    @Nested
    class Store extends MountSnapshotContract {

        @TempDir Path directory;

        @Override
        protected Vfs create() {
            return MigrationTest.vfs();
        }

        @Override
        protected MountSpec spec(String target) {
            return MountSpec.of(target, "store", directory.toString());
        }
    }
}
