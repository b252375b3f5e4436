package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static podium.testkit.Backends.content;
import static podium.testkit.Backends.fails;
import static podium.testkit.Backends.file;
import static podium.testkit.Backends.random;
import static podium.testkit.Backends.refused;
import static podium.vfs.host.KeptTree.snapshots;
import static podium.vfs.host.KeptTree.text;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.testkit.Trees;
import podium.vfs.FileSystem;
import podium.vfs.MigrationProgress;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.Node;
import podium.vfs.Snapshots;

/// Taking snapshots of a directory of the host.
class HostSnapshotTest {

    @TempDir Path folder;

    private KeptTree at;

    @BeforeEach
    void make() throws Exception {
        at = KeptTree.in(folder);
    }

    @Test
    void whereTheyMayBe() throws Exception {
        try (var fs = HostDirectories.mount(at.tree())) {
            assertNull(fs.snapshots());
            assertTrue(fs.withoutSnapshots().contains("snapshots=DIRECTORY"));
        }
        Files.createDirectory(at.tree().resolve("in"));
        for (var wrong :
                List.of(
                        at.tree().resolve("in").toString(),
                        at.tree().toString(),
                        folder.toString(),
                        at.kept().resolve("none").toString(),
                        "relative",
                        Files.createFile(folder.resolve("file")).toString(),
                        Files.createSymbolicLink(folder.resolve("link"), at.tree()).toString()))
            refused(() -> at.mount(wrong));
        refused(() -> new HostFileSystemType().create(at.spec().withOption("submounts", "true")));
        try (var fs = at.mount()) {
            var message = refused(at::mount);
            assertTrue(message.contains("open already"), message);
            assertNotNull(fs.snapshots());
        }
        at.mount().close();
    }

    @Test
    void nothingStaysOpen() throws Exception {
        at.mount().close();
        long before = HostDirectories.descriptors();
        try (var fs = at.mount()) {
            file(fs, "f", random(10_000, 1));
            snapshots(fs).take("one");
            file(fs, "g", random(10_000, 2));
            snapshots(fs).restore("one");
            try (var then = snapshots(fs).open("one")) {
                content(file(then, "f"));
            }
        }
        assertEquals(before, HostDirectories.descriptors());
        assertThrows(MountException.class, () -> at.mount(at.tree().toString()));
        assertEquals(before, HostDirectories.descriptors());
    }

    @Test
    void whatWasCutOffIsGone() throws Exception {
        at.mount().close();
        var own = at.kept().resolve(".podium");
        for (var directory : List.of("new", "old", "undo"))
            Files.createFile(Files.createDirectory(own.resolve(directory)).resolve("manifest"));
        for (var file : List.of("restore.new", "numbers.new"))
            Files.writeString(own.resolve(file), "half of i");
        at.mount().close();
        assertEquals(List.of(), at.remains());
    }

    private static long number(FileSystem fs, String name) {
        return Objects.requireNonNull(fs.root().lookup(name)).attributes().inode();
    }

    private static long number(Snapshots snapshots, String snapshot, String name) {
        try (var then = snapshots.open(snapshot)) {
            return number(then, name);
        }
    }

    /// What is there still keeps its number; what came anew has one, which all snapshots know.
    @Test
    void numbers() throws Exception {
        try (var fs = at.mount()) {
            var snapshots = snapshots(fs);
            var stays = file(fs, "stays", random(10_000, 1));
            file(fs, "goes", random(10_000, 2));
            long number = number(fs, "stays");
            snapshots.take("one");
            assertEquals(number, number(snapshots, "one", "stays"));
            assertEquals(number(fs, "goes"), number(snapshots, "one", "goes"));
            snapshots.take("two");
            fs.root().rename("stays", fs.root(), "moved", false);
            stays.write(ByteBuffer.allocate(1), 0);
            fs.root().unlink("goes");
            file(fs, "stays", new byte[1]);
            snapshots.restore("one");
            assertEquals(number, number(fs, "stays"));
            assertEquals(stays, fs.root().lookup("stays"));
            long anew = number(fs, "goes");
            for (var name : List.of("one", "two"))
                assertEquals(anew, number(snapshots, name, "goes"));
            var goes = file(fs, "goes");
            goes.write(ByteBuffer.allocate(1), 0);
            snapshots.restore("two");
            assertEquals(goes, fs.root().lookup("goes"));
            assertArrayEquals(random(10_000, 2), content(goes));
        }
        try (var fs = at.mount()) {
            assertEquals(number(fs, "goes"), number(snapshots(fs), "one", "goes"));
            snapshots(fs).delete("one");
            snapshots(fs).delete("two");
            assertFalse(Files.exists(at.kept().resolve(".podium/numbers")));
        }
    }

    /// Whatever the host has there, and whatever order moves would need.
    @Test
    void whatTheHostHas() throws Exception {
        var deepest = at.tree();
        for (int i = 0; i < 200; i++) deepest = Files.createDirectory(deepest.resolve("deep"));
        Files.writeString(deepest.resolve("bottom"), "down here");
        Files.createLink(at.tree().resolve("up"), deepest.resolve("bottom"));
        Files.createSymbolicLink(at.tree().resolve("dangling"), Path.of("/nowhere"));
        try (var fs = at.mount()) {
            var root = fs.root();
            root.createDirectory("\udcff\udc80", 0700, 0, 0).create("\udcfe", 0, 0, 0);
            root.createSpecial("socket", Mode.SOCKET | 0640, 0, 0, 0);
            var sparse = root.create("sparse", 0640, 0, 0);
            sparse.write(ByteBuffer.wrap(random(4096, 1)), 8 << 20);
            sparse.truncate(64 << 20);
            var before = Trees.lasting(fs);
            long blocks = sparse.attributes().blocks();
            snapshots(fs).take("one");
            assertEquals(before, text(snapshots(fs), "one"));
            var deep = (Node.Directory) Objects.requireNonNull(root.lookup("deep"));
            var deeper = (Node.Directory) Objects.requireNonNull(deep.lookup("deep"));
            // The inner one becomes the outer one.
            root.rename("deep", root, "aside", false);
            deep.rename("deep", root, "deep", false);
            root.rename("aside", deeper, "deep2", false);
            root.unlink("up");
            root.unlink("dangling");
            root.unlink("socket");
            sparse.write(ByteBuffer.allocate(1 << 20), 1 << 20);
            snapshots(fs).restore("one");
            assertEquals(before, Trees.lasting(fs));
            assertEquals(deep, root.lookup("deep"));
            assertEquals(deeper, deep.lookup("deep"));
            assertEquals(blocks, sparse.attributes().blocks());
            root.unlink("sparse");
            snapshots(fs).restore("one");
            assertEquals(before, Trees.lasting(fs));
            assertEquals(blocks, file(fs, "sparse").attributes().blocks());
        }
    }

    @Test
    void whatDidNotChangeIsThereOnce() throws Exception {
        try (var fs = at.mount()) {
            var snapshots = snapshots(fs);
            file(fs, "same", random(100_000, 1));
            file(fs, "changes", random(100_000, 2));
            // So that nobody can change it in the tick in which it is looked at.
            Thread.sleep(100);
            for (var name : List.of("a", "b", "c")) snapshots.take(name);
            for (var one : snapshots.list()) assertEquals(0, one.own(), one.name());
            file(fs, "changes").write(ByteBuffer.allocate(1), 0);
            snapshots.take("d");
            long own = snapshots.list().getLast().own();
            assertTrue(own >= 100_000 && own < 150_000, "" + own);
            for (var name : List.of("a", "b", "d")) snapshots.delete(name);
            own = snapshots.list().getLast().own();
            assertTrue(own >= 200_000 && own < 250_000, "" + own);
            snapshots.restore("c");
            assertArrayEquals(random(100_000, 2), content(file(fs, "changes")));
        }
    }

    /// Between two of the host's file systems its kernel copies nothing by itself.
    @Test
    void betweenFileSystems() throws Exception {
        var memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory));
        at = new KeptTree(Files.createTempDirectory(memory, "podium"), at.kept());
        try (var fs = at.mount()) {
            for (int i = 0; i < 3; i++) file(fs, "f" + i, random(100_000, i));
            snapshots(fs).take("one");
            var before = Trees.lasting(fs);
            assertEquals(before, text(snapshots(fs), "one"));
            for (int i = 0; i < 3; i++) file(fs, "f" + i).write(ByteBuffer.allocate(200_000), 0);
            snapshots(fs).restore("one");
            assertEquals(before, Trees.lasting(fs));
        } finally {
            HostDirectories.remove(at.tree());
        }
    }

    /// While it is copied, programs go on; what it is, is what is there when they stop.
    @Test
    void underAProgramThatWrites() throws Exception {
        try (var fs = at.mount();
                var pool = Executors.newSingleThreadExecutor()) {
            var snapshots = snapshots(fs);
            for (int i = 0; i < 40; i++) file(fs, "f" + i, random(500_000, i));
            for (int i = 0; i < 8; i++) {
                var name = "s" + i;
                var stop = new AtomicBoolean();
                var writer = pool.submit(() -> write(fs, new Random(stop.hashCode()), stop));
                var text = new AtomicReference<String>();
                Thread.sleep(5);
                snapshots.take(
                        name,
                        MigrationProgress.NONE,
                        work -> {
                            stop.set(true);
                            await(writer);
                            text.set(Trees.lasting(fs));
                            work.run();
                        });
                assertEquals(text.get(), text(snapshots, name));
            }
        }
    }

    private static void write(FileSystem fs, Random random, AtomicBoolean stop) {
        while (!stop.get()) {
            var name = "f" + random.nextInt(40);
            var bytes = ByteBuffer.wrap(random(random.nextInt(5000) + 1, random.nextLong()));
            switch (random.nextInt(8)) {
                case 0 -> fs.root().rename(name, fs.root(), "f" + random.nextInt(40), true);
                case 1 -> {
                    fs.root().unlink(name);
                    file(fs, name, bytes.array());
                }
                default -> file(fs, name).write(bytes, random.nextInt(500_000));
            }
        }
    }

    private static void await(Future<?> future) {
        try {
            future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void ofWhatIsOnlyRead() throws Exception {
        Files.writeString(at.tree().resolve("f"), "text");
        var spec = at.spec();
        try (var fs = new HostFileSystemType().create(spec.asReadOnly())) {
            snapshots(fs).take("one");
            fails(Errno.EROFS, () -> snapshots(fs).restore("one"));
            assertEquals(Trees.lasting(fs), text(snapshots(fs), "one"));
            fs.sync();
        }
    }
}
