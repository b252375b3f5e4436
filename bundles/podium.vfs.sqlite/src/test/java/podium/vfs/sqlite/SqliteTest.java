package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.AttributeChange;
import podium.vfs.Node;

/// What a database does beyond the contracts of file systems.
class SqliteTest {

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void name() {
        // What a URI, or SQL, would take for something else.
        file = directory.resolve("a?b#c%20'd.db");
    }

    @Test
    void theFileSaysWhatItIs() throws Exception {
        Databases.mount(file).close();
        var head = ByteBuffer.wrap(Files.readAllBytes(file));
        assertEquals(Schema.APPLICATION, head.getInt(68));
        assertEquals(Schema.VERSION, head.getInt(60));
        try (var names = Files.list(directory)) {
            var expected = List.of(file.getFileName().toString(), file.getFileName() + "-lock");
            assertEquals(
                    expected, names.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aFileWithoutANameIsFreedWhenItIsMountedNext() throws Exception {
        var fs = Databases.open(file);
        for (int i = 0; i < 3; i++) {
            var open = Backends.file(fs, "f" + i, Backends.random(300_000, i));
            open.opened();
            fs.root().unlink("f" + i);
            assertArrayEquals(Backends.random(300_000, i), Backends.content(open));
        }
        fs.root().createUnnamed(0600, 0, 0).opened();
        fs.close();
        try (var again = Databases.open(file)) {
            assertEquals(5, again.tree().inodes.used());
            again.tree().tick();
            assertEquals(1, again.tree().inodes.used());
            assertEquals(0, again.tree().pages.used());
        }
        Databases.sql(file, "CREATE TABLE probe (x)", "DROP TABLE probe");
    }

    /// The content of a large file goes in many steps, or at once where its space is wanted.
    @Test
    void aLargeFileIsFreedInSteps() throws Exception {
        try (var fs = Databases.open(file)) {
            var tree = fs.tree();
            for (int i = 0; i < 2; i++) {
                var large = fs.root().create("large", 0644, 0, 0);
                for (int n = 0; n < 20; n++)
                    large.write(ByteBuffer.wrap(Backends.random(1 << 20, n)), (long) n << 20);
                fs.root().unlink("large");
                assertEquals(1, tree.orphans.size());
                assertEquals(5120, tree.pages.used());
                if (i == 0) tree.tick();
                else {
                    tree.pages.count(tree.pages.left() - 1);
                    var next = Backends.file(fs, "next", new byte[100_000]);
                    assertEquals(100_000, next.attributes().size());
                }
                assertEquals(0, tree.orphans.size());
            }
        }
        assertEquals(0, Check.run(file, false, _ -> {}).problems());
    }

    @Test
    void accessTimesWaitForAnotherChange() throws Exception {
        try (var fs = Databases.open(file)) {
            var one = Backends.file(fs, "f", new byte[10]);
            long before = fs.tree().stamp();
            one.change(AttributeChange.times(7L, null));
            assertEquals(7, one.attributes().accessed());
            assertEquals(before + 1, fs.tree().stamp());
        }
        try (var fs = Databases.open(file)) {
            assertEquals(7, Backends.file(fs, "f").attributes().accessed());
        }
    }

    /// Who holds an inode keeps it one object, however many others were met since.
    @Test
    void nodesAreOneObjectWhileSomebodyHoldsThem() throws Exception {
        try (var fs = Databases.open(file)) {
            var held = Backends.file(fs, "held", new byte[10]);
            for (int i = 0; i < 20_000; i++) fs.root().create("f" + i, 0644, 0, 0);
            for (int i = 0; i < 100 && fs.tree().cache.size() > 15_000; i++) {
                System.gc();
                Thread.sleep(10);
                fs.root().create("after" + i, 0644, 0, 0);
            }
            assertSame(held, fs.root().lookup("held"));
            assertTrue(fs.tree().cache.size() <= 15_000, "nodes: " + fs.tree().cache.size());
            assertNotNull(fs.root().lookup("f0"));
            fs.root().unlink("held");
            fs.root().create("held", 0644, 0, 0);
            assertNotSame(held, fs.root().lookup("held"));
        }
    }

    /// Whoever reads waits for nobody who writes, even while that takes its time.
    @Test
    void readersDoNotWaitForAWriter() throws Exception {
        try (var fs = Databases.open(file);
                var pool = Executors.newFixedThreadPool(2)) {
            var read = Backends.file(fs, "read", Backends.random(50_000, 1));
            var inside = new CountDownLatch(1);
            var done = new CountDownLatch(1);
            var writer =
                    pool.submit(
                            () ->
                                    fs.tree()
                                            .change(
                                                    0,
                                                    change -> {
                                                        inside.countDown();
                                                        return await(done);
                                                    }));
            inside.await();
            var reader =
                    pool.submit(
                            () -> {
                                assertArrayEquals(
                                        Backends.random(50_000, 1), Backends.content(read));
                                assertSame(read, fs.root().lookup("read"));
                                assertEquals(1, fs.root().entries(0, 10).size());
                                assertNull(fs.root().lookup("none"));
                                return read.seek(0, true);
                            });
            assertEquals(0L, reader.get(30, TimeUnit.SECONDS));
            assertFalse(writer.isDone());
            done.countDown();
            assertTrue(writer.get());
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void syncsThatWaitShareAForce() throws Exception {
        try (var fs = Databases.open(file)) {
            fs.sync();
            long before = forces(fs);
            var files = new ArrayList<Node.Regular>();
            for (int i = 0; i < 8; i++) {
                files.add(fs.root().create("f" + i, 0644, 0, 0));
                files.getLast().append(ByteBuffer.allocate(10));
            }
            var held = new CountDownLatch(1);
            var release = new CompletableFuture<Void>();
            var threads = new ArrayList<Thread>();
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            fs.tree()
                                                    .free(
                                                            _ -> {
                                                                held.countDown();
                                                                return release.join();
                                                            })));
            assertTrue(held.await(10, TimeUnit.SECONDS));
            for (var one : files) threads.add(Thread.ofPlatform().start(() -> one.sync(true)));
            for (var thread : threads)
                while (thread.getState() != Thread.State.WAITING && thread.isAlive())
                    Thread.sleep(1);
            release.complete(null);
            for (var thread : threads) thread.join();
            long forces = forces(fs) - before;
            // The clock may have made one, too.
            assertTrue(forces == 1 || forces == 2, "forces: " + forces);
            // Nothing has changed: nothing is forced.
            fs.sync();
            Backends.file(fs, "f0").sync(false);
            assertEquals(forces, forces(fs) - before);
        }
    }

    private static long forces(SqliteFileSystem fs) throws Exception {
        return Long.parseLong(
                fs.tree()
                        .database
                        .readers
                        .read(session -> session.ask("SELECT times FROM synced")));
    }

    @Test
    void whatCannotBeMountedIsSaidInOneLine() throws Exception {
        assertTrue(refused(directory).contains("it is no file"));
        assertTrue(refused(directory.resolve("a/b")).contains("does not exist"));
        var text = Files.writeString(directory.resolve("notes"), "mine".repeat(100));
        assertTrue(refused(text).contains("no SQLite database"));
        var other = directory.resolve("other.db");
        Databases.sql(other, "PRAGMA application_id = 7", "CREATE TABLE t (x)");
        assertTrue(refused(other).contains("another application's"));
        var plain = directory.resolve("plain.db");
        Databases.sql(plain, "CREATE TABLE t (x)");
        assertTrue(refused(plain).contains("another application's"));
        for (var option : List.of("size", "inodes", "mode", "uid", "sise"))
            Backends.refused(() -> Databases.mount(file, option, "many"));
        Backends.refused(
                () -> new SqliteFileSystemType().create(Databases.spec(file).asReadOnly()));
        // Nothing is left beside what is somebody else's.
        try (var left = Files.list(directory)) {
            assertEquals(3, left.filter(path -> !path.startsWith(file)).count());
        }
    }

    private static String refused(Path path) {
        return Backends.refused(() -> Databases.mount(path));
    }

    @Test
    void aNewerVersionIsRefused() throws Exception {
        Databases.mount(file).close();
        Databases.sql(file, "PRAGMA user_version = 3");
        var message = refused(file);
        assertTrue(
                message.contains("a newer Podium made it (version 3, this one knows 2)"), message);
    }

    /// Somebody's trigger would run with what a guest does.
    @Test
    void otherTablesAreRefused() throws Exception {
        Databases.mount(file).close();
        Databases.sql(
                file,
                "CREATE TRIGGER t AFTER INSERT ON inode BEGIN DELETE FROM inode WHERE id > 5; END");
        assertTrue(refused(file).contains("tables are not those"), refused(file));
    }

    /// As after a crash while it was being made.
    @Test
    void anEmptyFileBecomesADatabase() throws Exception {
        Files.createFile(file);
        Databases.mount(file).close();
        var begun = directory.resolve("begun.db");
        Databases.sql(begun, "PRAGMA journal_mode = WAL");
        Databases.mount(begun).close();
        assertEquals(0, Check.run(begun, false, _ -> {}).problems());
    }

    /// A process that was killed has left its log: who may not write reads it all the same.
    @Test
    void aReadOnlyMountReadsALogThatWasLeft() throws Exception {
        var copy = directory.resolve("copy.db");
        String tree;
        try (var fs = Databases.open(file)) {
            Backends.file(fs, "f", Backends.random(10_000, 1));
            tree = Trees.text(fs);
            Files.copy(file, copy);
            Files.copy(LockedFile.beside(file, "-wal"), LockedFile.beside(copy, "-wal"));
        }
        var before = Files.readAllBytes(LockedFile.beside(copy, "-wal"));
        try (var fs = new SqliteFileSystemType().create(Databases.spec(copy).asReadOnly())) {
            assertEquals(tree, Trees.text(fs));
            Backends.fails(Errno.EROFS, () -> fs.root().unlink("f"));
        }
        assertArrayEquals(before, Files.readAllBytes(LockedFile.beside(copy, "-wal")));
        try (var fs = Databases.mount(copy)) {
            assertEquals(tree, Trees.text(fs));
        }
    }

    /// The native library is where nobody else can write.
    @Test
    void theLibraryIsNotInASharedFolder() throws Exception {
        Databases.mount(file).close();
        var maps = Files.readAllLines(Path.of("/proc/self/maps"));
        var library =
                maps.stream().filter(line -> line.contains("sqlitejdbc")).findFirst().orElseThrow();
        var folder = Path.of(library.substring(library.indexOf('/'))).getParent();
        assertNotNull(folder);
        assertEquals(
                PosixFilePermissions.fromString("rwx------"),
                Files.getPosixFilePermissions(folder));
    }

    @Test
    void promisedSpaceIsTakenOnce() throws Exception {
        try (var fs = Databases.mount(file, "size", "10m")) {
            var one = fs.root().create("f", 0644, 0, 0);
            one.write(ByteBuffer.allocate(10_000), 20_000);
            long written = one.attributes().blocks();
            one.allocate(0, 0, 100_000);
            assertEquals(25 * 8, one.attributes().blocks());
            assertEquals(100_000, one.attributes().size());
            for (int i = 0; i < 10; i++) one.write(ByteBuffer.allocate(10_000), 10_000L * i);
            assertEquals(25 * 8, one.attributes().blocks());
            one.allocate(3, 4096, 8192);
            assertEquals(23 * 8, one.attributes().blocks());
            one.allocate(1, 0, 200_000);
            assertEquals(49 * 8, one.attributes().blocks());
            one.truncate(0);
            assertEquals(0, one.attributes().blocks());
            assertEquals(2560, fs.statistics().free());
            assertTrue(written > 0);
            Backends.fails(Errno.ENOSPC, () -> one.allocate(0, 0, 11 << 20));
        }
        assertEquals(0, Check.run(file, false, _ -> {}).problems());
    }

    @Test
    void manySmallFilesAreCompact() throws IOException {
        int files = 5000;
        try (var fs = Databases.open(file)) {
            for (int i = 0; i < files; i++)
                fs.root().create("file" + i, 0644, 0, 0).write(ByteBuffer.allocate(10), 0);
        }
        long each = Files.size(file) / files;
        assertTrue(each < 400, each + " bytes a file");
    }

    @Test
    void readingALinkedFileByEitherNameIsTheSame() throws Exception {
        try (var fs = Databases.open(file)) {
            var one = Backends.file(fs, "a", new byte[] {1});
            fs.root().link("b", one);
        }
        try (var fs = Databases.open(file)) {
            Node a = fs.root().lookup("a");
            assertSame(a, fs.root().lookup("b"));
        }
    }
}
