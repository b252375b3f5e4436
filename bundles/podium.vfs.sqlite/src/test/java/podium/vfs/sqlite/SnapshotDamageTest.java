package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.Node;

/// Databases with snapshots that are not what was written.
class SnapshotDamageTest {

    @TempDir Path directory;
    private Path file;

    /// Inodes 2 to 5 are directories, then come files, ten in each. Snapshot 2 is deleted, and
    /// what is there was restored once. In each turn, the files of a directory change.
    @BeforeEach
    void make() throws IOException {
        file = directory.resolve("data.db");
        try (var fs = Databases.open(file)) {
            var snapshots = fs.snapshots();
            for (int i = 0; i < 4; i++) fs.root().createDirectory("d" + i, 0755, 0, 0);
            for (int i = 0; i < 4; i++)
                for (int k = 0; k < 10; k++)
                    below(fs, i)
                            .create("f" + k, 0644, 0, 0)
                            .write(ByteBuffer.wrap(Backends.random(4000 * k, k)), 0);
            for (int i = 0; i < 4; i++) {
                snapshots.take("s" + (i + 1));
                change(below(fs, i));
            }
            snapshots.delete("s2");
            snapshots.restore("s3");
            change(below(fs, 3));
        }
    }

    private static Node.Directory below(FileSystem fs, int number) {
        return (Node.Directory) Objects.requireNonNull(fs.root().lookup("d" + number));
    }

    private static void change(Node.Directory directory) {
        for (int k = 0; k < 10; k++) {
            if (!(directory.lookup("f" + k) instanceof Node.Regular one)) continue;
            switch (k % 5) {
                case 0 -> directory.unlink("f" + k);
                case 1 -> one.truncate(k * 100);
                case 2 -> one.write(ByteBuffer.wrap(Backends.random(100, 77)), 3000);
                case 3 -> one.change(AttributeChange.mode(0600));
                default -> one.allocate(0, 0, 60_000);
            }
        }
        directory.createLink("l", "f1", 0, 0);
    }

    /// The tree, and all snapshots.
    private static String text(FileSystem fs) {
        var text = new StringBuilder(Trees.text(fs));
        var snapshots = Objects.requireNonNull(fs.snapshots());
        for (var one : snapshots.list())
            try (var then = snapshots.open(one.name())) {
                text.append(one).append('\n').append(Trees.text(then));
            }
        return text.toString();
    }

    private String text() throws MountException {
        try (var fs = Databases.mountReadOnly(file)) {
            return text(fs);
        }
    }

    /// All that can be done with snapshots.
    private void use() throws Exception {
        try (var fs = Databases.mount(file)) {
            text(fs);
            var snapshots = Objects.requireNonNull(fs.snapshots());
            for (var one : snapshots.list()) {
                snapshots.restore(one.name());
                try (var then = snapshots.open(one.name())) {
                    assertEquals(Trees.text(then), Trees.text(fs));
                }
                fs.root().createDirectory("all of it", 0755, 0, 0).create("x", 0644, 0, 0);
                snapshots.take("after-" + one.name());
            }
            for (var one : snapshots.list()) snapshots.delete(one.name());
            fs.sync();
        }
        Databases.check(file, 0);
    }

    /// Each rule is told when it does not hold, and holds after a repair, although the checksums
    /// are right.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE past_inode SET mode = 420 WHERE id = 7 AND since = 0",
                "DELETE FROM past_inode WHERE id = 7",
                "DELETE FROM past_inode WHERE id = 2",
                "DELETE FROM past_entry WHERE inode = 6",
                "DELETE FROM past_chunk WHERE inode = 7",
                "DELETE FROM entry WHERE inode = 27",
                "UPDATE past_inode SET since = 2 WHERE id = 6",
                "UPDATE past_inode SET since = -1 WHERE id = 7",
                "UPDATE past_inode SET until = 77 WHERE id = 7",
                "UPDATE past_entry SET until = 3 WHERE inode = 6",
                "UPDATE past_entry SET inode = 99 WHERE inode = 6",
                "UPDATE past_entry SET name = CAST('a/b' AS BLOB) WHERE inode = 6",
                "UPDATE past_inode SET links = 5 WHERE id = 7",
                "UPDATE past_inode SET size = -5 WHERE id = 7",
                "UPDATE past_inode SET pages = 50 WHERE id = 7",
                "UPDATE past_reserved SET behind = 0",
                "UPDATE inode SET since = 99 WHERE id = 7",
                "UPDATE inode SET since = 3 WHERE id = 12",
                "UPDATE entry SET since = 2 WHERE inode = 12",
                "UPDATE chunk SET since = 3 WHERE inode = 12",
                "UPDATE chunk SET since = 0 WHERE inode = 7",
                "DELETE FROM snapshot WHERE id = 1",
                "DELETE FROM snapshot WHERE id = 4",
                "UPDATE snapshot SET inodes = 3 WHERE id = 1",
                "UPDATE snapshot SET name = CAST('x/y' AS BLOB) WHERE id = 1",
                "DELETE FROM sqlite_sequence WHERE name = 'snapshot'",
                "INSERT INTO piece VALUES (9999, x'41')",
                "DELETE FROM piece WHERE id = (SELECT piece FROM past_chunk WHERE inode = 7)",
            })
    void whatMakesNoSenseIsToldAndRepaired(String statement) throws Exception {
        Databases.sql(file, statement);
        Databases.seal(file);
        Databases.check(file, 4);
        Databases.repair(file);
        use();
    }

    /// What is wrong with a row is seen from the row.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE past_inode SET uid = 7 WHERE id = 7 AND since = 0",
                "UPDATE past_inode SET size = size + 1 WHERE id = 7 AND since = 0",
                "UPDATE past_entry SET name = CAST('f99' AS BLOB) WHERE inode = 6",
                "UPDATE past_entry SET inode = 8 WHERE inode = 6",
                "UPDATE past_chunk SET held = 2 WHERE inode = 7",
                "UPDATE past_chunk SET piece = piece + 1 WHERE inode = 8",
                "UPDATE piece SET data = x'41' WHERE id = (SELECT piece FROM past_chunk)",
            })
    void aRowThatIsNotWhatWasWritten(String statement) throws Exception {
        Databases.sql(file, statement);
        Databases.check(file, 4);
        Backends.logged(() -> Backends.fails(Errno.EIO, this::read));
        Databases.repair(file);
        use();
    }

    /// All of it, by listing each directory and by looking its names up.
    private void read() {
        try (var fs = Databases.mount(file)) {
            var snapshots = Objects.requireNonNull(fs.snapshots());
            for (var one : snapshots.list())
                try (var then = snapshots.open(one.name())) {
                    for (int i = 0; i < 4; i++) below(then, i).entries(0, 100);
                }
            text(fs);
        } catch (MountException e) {
            throw new AssertionError(e);
        }
    }

    /// What one snapshot has lost, others and the tree of now still have.
    @Test
    void aRepairTouchesNothingElse() throws Exception {
        String now;
        var before = new ArrayList<String>();
        try (var fs = Databases.mount(file)) {
            now = Trees.text(fs);
            for (var name : List.of("s3", "s4")) before.add(snapshot(fs, name));
        }
        Databases.sql(
                file,
                "DELETE FROM past_entry WHERE inode = 6",
                "UPDATE piece SET data = x'' WHERE id ="
                        + " (SELECT piece FROM past_chunk WHERE inode = 8 AND number = 0)");
        var lines = Databases.check(file, 4);
        assertTrue(lines.contains("snapshot s1: inode 6 has lost its names"), lines::toString);
        assertTrue(
                lines.contains("inode 8 of a snapshot: bytes 0 to 16383 are damaged"),
                lines::toString);
        Databases.repair(file);
        try (var fs = Databases.mount(file)) {
            assertEquals(now, Trees.text(fs));
            for (var name : List.of("s3", "s4"))
                assertEquals(before.removeFirst(), snapshot(fs, name));
            try (var then = Objects.requireNonNull(fs.snapshots()).open("s1")) {
                var found = (Node.Directory) then.root().lookup("lost+found");
                assertNotNull(found);
                assertNotNull(found.lookup("#6"));
                var cut = (Node.Regular) Objects.requireNonNull(below(then, 0).lookup("f2"));
                assertArrayEquals(new byte[8000], Backends.content(cut));
                // Its number is nobody else's.
                assertEquals(List.of(), named(fs, found.attributes().inode()));
            }
        }
    }

    /// What the tree of now has lost, a snapshot that has it still has, rows included that both
    /// have.
    @Test
    void aRepairOfNowTouchesNoSnapshot() throws Exception {
        String before;
        try (var fs = Databases.mount(file)) {
            before = snapshot(fs, "s1");
        }
        Databases.sql(file, "DELETE FROM inode WHERE id = 2");
        assertTrue(Databases.check(file, 4).contains("inode 9 has a name in no directory"));
        Databases.repair(file);
        try (var fs = Databases.mount(file)) {
            assertEquals(before, snapshot(fs, "s1"));
            var found = (Node.Directory) Objects.requireNonNull(fs.root().lookup("lost+found"));
            assertNotNull(found.lookup("#9"));
        }
        use();
    }

    private static List<String> named(FileSystem fs, long inode) {
        return Trees.text(fs).lines().filter(line -> line.contains(" #" + inode + " ")).toList();
    }

    private static String snapshot(FileSystem fs, String name) {
        try (var then = Objects.requireNonNull(fs.snapshots()).open(name)) {
            return Trees.text(then);
        }
    }

    /// As [DamageTest#anyDamageIsSurvived].
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void anyDamageIsSurvived(int run) throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime()) + run;
        var random = new Random(seed);
        var when = "podium.seed=" + (seed - run);
        var before = text();
        var pages = Databases.pages(file);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                var bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 4 : 3000)];
                random.nextBytes(bytes);
                long page = pages.get(random.nextInt(pages.size())) - 1;
                long at = page * Database.PAGE + random.nextInt(Database.PAGE);
                channel.write(ByteBuffer.wrap(bytes), Math.max(100, at));
            }
        }
        var lines = new ArrayList<String>();
        boolean sound = Check.run(file, false, lines::add).problems() == 0;
        if (sound) assertEquals(before, text(), when);
        else {
            Backends.logged(this::tryToRead);
            var result = Check.run(file, true, lines::add);
            assertTrue(result.repaired(), () -> when + lines);
        }
        use();
    }

    private void tryToRead() {
        try (var fs = Databases.mount(file)) {
            Databases.walk(fs.root());
            var snapshots = Objects.requireNonNull(fs.snapshots());
            for (var one : snapshots.list())
                try (var then = snapshots.open(one.name())) {
                    Databases.walk(then.root());
                }
        } catch (MountException e) {
            assertEquals(1, String.valueOf(e.getMessage()).lines().count());
        } catch (ErrnoException e) {
            assertEquals(Errno.EIO, e.errno());
        }
    }
}
