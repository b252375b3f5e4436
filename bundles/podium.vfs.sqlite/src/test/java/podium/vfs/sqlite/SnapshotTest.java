package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.testkit.Backends;
import podium.testkit.SnapshotContract;
import podium.vfs.FileSystem;
import podium.vfs.backend.DurableOptions;

/// Snapshots of databases, which are there again when they are opened again.
class SnapshotTest {

    @TempDir Path directory;

    private String ask(String sql) throws Exception {
        var file = directory.resolve("data.db");
        try (var session = new Session(NativeLibrary.connect(file, "mode=rw", new Properties()))) {
            return session.ask(sql);
        }
    }

    /// Whatever is taken, removed and restored, content is where it was.
    @Test
    void contentIsNeverCopied() throws Exception {
        var file = directory.resolve("data.db");
        try (var fs = Databases.open(file)) {
            var large = fs.root().create("large", 0644, 0, 0);
            for (int i = 0; i < 20; i++)
                large.write(ByteBuffer.wrap(Backends.random(1 << 20, i)), (long) i << 20);
            var snapshots = fs.snapshots();
            snapshots.take("one");
            fs.root().unlink("large");
            fs.tree().tick();
            assertEquals(5120, fs.tree().pages.used());
            assertEquals(20 << 20, snapshots.list().getFirst().own());
            snapshots.restore("one");
            snapshots.take("two");
            Backends.file(fs, "large").write(ByteBuffer.allocate(1), 0);
            assertEquals(5124, fs.tree().pages.used());
            snapshots.restore("one");
            assertEquals(5120, fs.tree().pages.used());
        }
        assertEquals("1280 1280", ask("SELECT count(*) || ' ' || max(id) FROM piece"));
        assertTrue(Files.size(file) < 24 << 20, "size: " + Files.size(file));
        Databases.check(directory.resolve("data.db"), 0);
    }

    /// As after a crash while one was being deleted.
    @Test
    void whatIsHalfDeletedIsFreedLater() throws Exception {
        var file = directory.resolve("data.db");
        try (var fs = Databases.open(file)) {
            for (int i = 0; i < 10; i++) Backends.file(fs, "f" + i, Backends.random(50_000, i));
            fs.snapshots().take("one");
            fs.snapshots().take("two");
            for (int i = 0; i < 10; i++) fs.root().unlink("f" + i);
        }
        Databases.sql(
                file,
                "UPDATE snapshot SET name = NULL",
                "DELETE FROM past_chunk WHERE inode IN (2, 3)",
                "DELETE FROM piece WHERE id NOT IN (SELECT piece FROM past_chunk)");
        Databases.check(directory.resolve("data.db"), 0);
        try (var fs = Databases.open(file)) {
            assertEquals(List.of(), fs.snapshots().list());
            assertEquals(8 * 13, fs.tree().pages.used());
            fs.snapshots().take("two");
            fs.tree().tick();
            assertEquals(0, fs.tree().pages.used());
            assertEquals(1, fs.tree().inodes.used());
            assertEquals(1, fs.snapshots().list().size());
        }
        assertEquals("0", ask("SELECT count(*) FROM piece"));
        assertEquals("1", ask("SELECT count(*) FROM snapshot"));
    }

    /// A mount that is read-only shows them.
    @Test
    void whoMayNotWriteLooksIntoThem() throws Exception {
        var file = directory.resolve("data.db");
        try (var fs = Databases.open(file)) {
            Backends.file(fs, "f", Backends.random(50_000, 1));
            fs.snapshots().take("one");
            fs.root().unlink("f");
        }
        try (var fs = Databases.mountReadOnly(file)) {
            var snapshots = Objects.requireNonNull(fs.snapshots());
            try (var then = snapshots.open("one")) {
                assertArrayEquals(
                        Backends.random(50_000, 1), Backends.content(Backends.file(then, "f")));
            }
            Backends.fails(Errno.EROFS, () -> snapshots.take("two"));
            Backends.fails(Errno.EROFS, () -> snapshots.restore("one"));
            Backends.fails(Errno.EROFS, () -> snapshots.delete("one"));
            assertEquals(2, snapshots.list().getFirst().inodes());
        }
    }

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
            Databases.check(directory.resolve("data.db"), 0);
            return create();
        }
    }
}
