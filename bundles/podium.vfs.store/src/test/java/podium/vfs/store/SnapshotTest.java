package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.Backends;
import podium.testkit.SnapshotContract;
import podium.vfs.FileSystem;
import podium.vfs.backend.DurableOptions;

/// Snapshots of stores, which are there again when they are opened again.
class SnapshotTest {

    private static final DurableOptions OPTIONS =
            new DurableOptions(Path.of("/"), 16 << 20, 1 << 20, 0755, 0, 0);

    /// Journals are replaced all the time, and content is moved together.
    private static final Limits BUSY = new Limits(64 << 10, 16, 16 << 10, 8 << 10, 4 << 10, 2);

    abstract static class Stored extends SnapshotContract {

        @TempDir Path directory;
        private final Limits limits;

        Stored(Limits limits) {
            this.limits = limits;
        }

        @Override
        protected FileSystem create() throws IOException {
            return StoreFileSystem.open(new HostDisk(directory, true), limits, OPTIONS, false);
        }

        @Override
        protected FileSystem reopen(FileSystem fs) throws IOException {
            fs.close();
            var problems = new ArrayList<String>();
            assertEquals(0, Check.check(directory, problems::add), problems::toString);
            return create();
        }
    }

    /// What did not change is one object for all snapshots, also when it was loaded.
    @Test
    void whatDidNotChangeIsShared(@TempDir Path directory) throws Exception {
        try (var fs = open(directory)) {
            Backends.file(fs, "f", Backends.random(10_000, 1));
            Backends.file(fs, "g", Backends.random(10_000, 2));
            fs.root().createDirectory("d", 0755, 0, 0).createLink("l", "f", 0, 0);
            fs.store().snapshots.take("a");
            fs.store().snapshots.take("b");
        }
        try (var fs = open(directory)) {
            Backends.file(fs, "g").truncate(5000);
            fs.store().snapshots.take("c");
            var trees = fs.store().snapshots.trees;
            int shared = 0;
            for (var node : trees.get("c").nodes())
                if (trees.get("a").get(node.inode()) == node) shared++;
            assertEquals(4, shared);
            for (var node : trees.get("b").nodes())
                assertSame(node, trees.get("a").get(node.inode()));
        }
    }

    private static StoreFileSystem open(Path directory) throws IOException {
        var disk = new HostDisk(directory, true);
        return StoreFileSystem.open(disk, Limits.STANDARD, OPTIONS, false);
    }

    @Nested
    class Standard extends Stored {

        Standard() {
            super(Limits.STANDARD);
        }
    }

    @Nested
    class Busy extends Stored {

        Busy() {
            super(BUSY);
        }
    }
}
