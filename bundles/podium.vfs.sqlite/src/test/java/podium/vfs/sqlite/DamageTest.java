package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.Node;

/// Databases that are not what was written.
class DamageTest {

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = directory.resolve("data.db");
        try (var fs = Databases.open(file)) {
            for (int i = 0; i < 10; i++) {
                var d = fs.root().createDirectory("d" + i, 0755, 0, 0);
                for (int k = 0; k < 20; k++) {
                    var one = d.create("f" + k, 0644, 0, 0);
                    one.write(ByteBuffer.wrap(Backends.random(3000 * k, k)), 0);
                }
            }
        }
    }

    private String tree() throws MountException {
        try (var fs = Databases.mountReadOnly(file)) {
            return Trees.text(fs);
        }
    }

    @Test
    void aDamagedPieceIsAnErrorAndCanBeCutOut() throws Exception {
        Databases.sql(
                file,
                "UPDATE piece SET data = zeroblob(length(data)) WHERE id = (SELECT piece"
                        + " FROM chunk WHERE number = 1 AND inode = (SELECT inode FROM entry"
                        + " WHERE name = CAST('f19' AS BLOB) AND directory = 2))");
        try (var fs = Databases.mount(file)) {
            var damaged = (Node.Regular) below(fs, "d0").lookup("f19");
            assertNotNull(damaged);
            var logged =
                    Backends.logged(
                            () -> {
                                Backends.fails(Errno.EIO, () -> Backends.content(damaged));
                                Backends.fails(Errno.EIO, () -> Backends.content(damaged));
                            });
            assertEquals(1, logged.lines().count(), logged);
            damaged.read(ByteBuffer.allocate(Chunk.SIZE), 0);
        }
        assertEquals(
                List.of("/d0/f19: bytes 16384 to 32767 are damaged"), Databases.check(file, 4));
        Databases.repair(file);
        try (var fs = Databases.mount(file)) {
            var expected = Backends.random(57_000, 19);
            java.util.Arrays.fill(expected, Chunk.SIZE, 2 * Chunk.SIZE, (byte) 0);
            assertArrayEquals(
                    expected, Backends.content((Node.Regular) below(fs, "d0").lookup("f19")));
        }
        assertTrue(Files.exists(directory.resolve("data.db.damaged")));
    }

    private static Node.Directory below(FileSystem fs, String name) {
        if (fs.root().lookup(name) instanceof Node.Directory directory) return directory;
        throw new AssertionError("no directory " + name);
    }

    /// Each rule is told when it does not hold, and holds after a repair.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE inode SET mode = 420 WHERE id = 5",
                "DELETE FROM inode WHERE id = 1",
                "DELETE FROM inode WHERE id = 2",
                "DELETE FROM inode WHERE id = 7",
                "DELETE FROM entry WHERE inode = 2",
                "DELETE FROM entry WHERE inode = 7",
                "INSERT INTO entry VALUES (2, CAST('x' AS BLOB), 99, 99999, 0, 0)",
                "INSERT INTO entry VALUES (5, CAST('x' AS BLOB), 99, 6, 0, 0)",
                "INSERT INTO entry VALUES (1, CAST('x' AS BLOB), 99, 2, 0, 0)",
                "INSERT INTO entry VALUES (2, CAST('x' AS BLOB), 99, 1, 0, 0)",
                "UPDATE entry SET name = CAST('..' AS BLOB) WHERE inode = 7",
                "UPDATE entry SET name = CAST('a/b' AS BLOB) WHERE inode = 2",
                "UPDATE inode SET target = x'41' WHERE id = 5",
                "UPDATE entry SET directory = 23, cookie = 99 WHERE inode = 23",
                "INSERT INTO chunk VALUES (99999, 0, 1, 0, 1, 0)",
                "INSERT INTO reserved VALUES (5, 1, 2, 0, 0)",
                "UPDATE inode SET links = 9 WHERE id IN (2, 5)",
                "UPDATE inode SET size = 0 WHERE id = 2",
                "UPDATE inode SET size = -5 WHERE id = 5",
                "UPDATE inode SET cookie = 3 WHERE id = 2",
                "UPDATE inode SET pages = 99 WHERE id = 5",
                "UPDATE chunk SET held = 0 WHERE inode = 10",
            })
    void whatMakesNoSenseIsToldAndRepaired(String statement) throws Exception {
        Databases.sql(file, statement);
        Databases.seal(file);
        Databases.check(file, 4);
        Databases.repair(file);
        try (var fs = Databases.mount(file)) {
            Trees.text(fs);
            change(fs);
        }
        Databases.check(file, 0);
    }

    /// Something of each kind.
    private static void change(FileSystem fs) {
        var fresh = fs.root().createDirectory("all of it", 0755, 0, 0);
        for (int i = 0; i < 20; i++)
            fresh.create("f" + i, 0644, 0, 0).write(ByteBuffer.wrap(Backends.random(9000, i)), 0);
        fs.sync();
        for (var entry : fs.root().entries(0, 1000)) {
            if (!(fs.root().lookup(entry.name()) instanceof Node.Directory directory)) continue;
            for (var below : directory.entries(0, 5))
                if (directory.lookup(below.name()) instanceof Node.Regular file) {
                    file.append(ByteBuffer.allocate(5000));
                    directory.unlink(below.name());
                }
        }
    }

    /// What is wrong with a row is seen from the row.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE inode SET uid = 7 WHERE id = 5",
                "UPDATE inode SET size = size + 1 WHERE id = 5",
                "UPDATE inode SET size = 1 << 60 WHERE id = 5",
                "UPDATE inode SET modified = modified + 1 WHERE id = 2",
                "UPDATE inode SET mode = 33261 WHERE id = 7",
                "UPDATE inode SET mode = 16877 WHERE id = 7",
                "UPDATE entry SET name = CAST('f99' AS BLOB) WHERE inode = 7",
                "UPDATE entry SET inode = 15 - inode WHERE inode IN (7, 8)",
                "UPDATE entry SET cookie = 99 WHERE inode = 7",
                "UPDATE chunk SET held = 2 WHERE inode = 4",
                "UPDATE OR REPLACE chunk SET number = 1 WHERE inode = 22 AND number = 0",
            })
    void aRowThatIsNotWhatWasWritten(String statement) throws Exception {
        var before = tree();
        Databases.sql(file, statement);
        Databases.check(file, 4);
        try (var fs = Databases.mount(file)) {
            Backends.logged(() -> Backends.fails(Errno.EIO, () -> assertEquals(before, read(fs))));
        }
        Databases.repair(file);
        try (var fs = Databases.mount(file)) {
            Trees.text(fs);
            change(fs);
        }
        Databases.check(file, 0);
    }

    /// All of it, by listing each directory and by looking its names up.
    private static String read(FileSystem fs) {
        for (var entry : fs.root().entries(0, 100)) below(fs, entry.name()).entries(0, 100);
        return Trees.text(fs);
    }

    /// Whoever may not use a file any more did not get it by damage.
    @Test
    void whoseAFileIsIsNotTakenFromADamagedRow() throws Exception {
        Databases.sql(file, "UPDATE inode SET mode = 0x89ff, uid = 1000 WHERE id = 15");
        Databases.repair(file);
        try (var fs = Databases.mount(file)) {
            var one = (Node.Regular) below(fs, "d0").lookup("f12");
            assertNotNull(one);
            assertEquals(0100600, one.attributes().mode());
            assertEquals(0, one.attributes().uid());
            assertArrayEquals(Backends.random(36_000, 12), Backends.content(one));
        }
    }

    @Test
    void whatIsLostIsFound() throws Exception {
        Databases.sql(file, "DELETE FROM entry WHERE inode = 2");
        Databases.repair(file);
        try (var fs = Databases.mount(file)) {
            var found = below(fs, "lost+found").lookup("#2");
            assertNotNull(found);
            var one = (Node.Regular) ((Node.Directory) found).lookup("f5");
            assertNotNull(one);
            assertArrayEquals(Backends.random(15_000, 5), Backends.content(one));
        }
    }

    /// A name could lead a copy out of its directory.
    @Test
    void aNameThatIsNoneIsNotGivenToAnybody() throws Exception {
        Databases.sql(file, "UPDATE entry SET name = CAST('../x' AS BLOB) WHERE inode = 7");
        try (var fs = Databases.mount(file)) {
            Backends.logged(() -> Backends.fails(Errno.EIO, () -> below(fs, "d0").entries(0, 100)));
            assertEquals(20, below(fs, "d1").entries(0, 100).size());
        }
    }

    @Test
    void aFileThatIsCutOffIsRefused() throws Exception {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(50);
        }
        assertTrue(Backends.refused(() -> Databases.mount(file)).contains("its header is cut off"));
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        Backends.refused(() -> Check.run(file, true, _ -> {}));
    }

    /// Whatever is overwritten: it is told, unless it was not used; mounting works or is refused in
    /// one line, reading works or is EIO, and what a repair leaves can be used. Nothing ends the
    /// process or takes for ever.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void anyDamageIsSurvived(int run) throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime()) + run;
        var random = new Random(seed);
        var when = "podium.seed=" + (seed - run);
        var before = tree();
        var pages = Databases.pages(file);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                var bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 4 : 5000)];
                random.nextBytes(bytes);
                channel.write(ByteBuffer.wrap(bytes), place(random, pages));
            }
        }
        var lines = new ArrayList<String>();
        boolean sound = Check.run(file, false, lines::add).problems() == 0;
        if (sound) assertEquals(before, tree(), when);
        Backends.logged(this::use);
        var result = Check.run(file, true, lines::add);
        if (sound) assertEquals(0, result.problems(), () -> when + lines);
        else assertTrue(result.repaired(), () -> when + lines);
        try (var fs = Databases.mount(file)) {
            Trees.text(fs);
            change(fs);
        }
        assertEquals(0, Check.run(file, false, lines::add).problems(), () -> when + lines);
    }

    /// Where something is overwritten: anywhere, which is in content nearly always, or in a page of
    /// something else.
    private long place(Random random, List<Integer> pages) throws IOException {
        if (random.nextBoolean()) return 100 + random.nextLong(Files.size(file) - 100);
        long page = pages.get(random.nextInt(pages.size())) - 1;
        return Math.max(100, page * Database.PAGE + random.nextInt(Database.PAGE));
    }

    /// Where the tables are is known without the page that says so.
    @Test
    void withoutItsFirstPageAllIsSaved() throws Exception {
        String before;
        try (var fs = Databases.open(file)) {
            before = Trees.text(fs);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(3000), 1000);
        }
        assertTrue(Backends.refused(() -> Databases.mount(file)).contains("it is damaged"));
        Databases.repair(file);
        try (var fs = Databases.open(file)) {
            assertEquals(before, Trees.text(fs));
        }
    }

    private void use() {
        FileSystem mounted;
        try {
            mounted = Databases.mount(file);
        } catch (MountException e) {
            assertEquals(1, String.valueOf(e.getMessage()).lines().count());
            return;
        }
        try (mounted) {
            Databases.walk(mounted.root());
            mounted.root().create("fresh", 0644, 0, 0);
            mounted.sync();
        } catch (ErrnoException e) {
            assertEquals(Errno.EIO, e.errno());
        }
    }
}
