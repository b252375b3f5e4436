package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static podium.testkit.Backends.content;
import static podium.testkit.Backends.fails;
import static podium.testkit.Backends.file;
import static podium.testkit.Backends.random;
import static podium.testkit.Backends.refused;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.SnapshotContract;
import podium.testkit.Trees;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.MigrationProgress;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.Snapshots;

class HostSnapshotTest {

    @TempDir Path folder;

    /// In whatever has the folder.
    abstract static class Contract extends SnapshotContract {

        abstract Path folder();

        private FileSystem mount() throws MountException {
            var spec = HostDirectories.spec(folder().resolve("tree"));
            var kept = folder().resolve("kept").toString();
            return new HostFileSystemType()
                    .create(spec.withOption("snapshots", kept).withOption("suid", "true"));
        }

        @Override
        protected FileSystem create() throws Exception {
            Files.createDirectory(folder().resolve("tree"));
            Files.createDirectory(folder().resolve("kept"));
            return mount();
        }

        @Override
        protected FileSystem reopen(FileSystem fs) throws Exception {
            fs.close();
            return mount();
        }

        @Override
        protected String text(FileSystem fs) {
            return Trees.lasting(fs);
        }

        @Override
        protected boolean givesNumbers() {
            return false;
        }

        @Override
        protected boolean countsSpace() {
            return false;
        }

        @Override
        protected String attribute() {
            return "user.d";
        }
    }

    @Nested
    class OnDisk extends Contract {

        @Override
        Path folder() {
            return folder;
        }
    }

    @Nested
    class InMemory extends Contract {

        private Path directory;

        @Override
        protected FileSystem create() throws Exception {
            var memory = Path.of("/dev/shm");
            assumeTrue(Files.isWritable(memory));
            directory = Files.createTempDirectory(memory, "podium");
            return super.create();
        }

        @Override
        Path folder() {
            return directory;
        }

        @AfterEach
        void remove() throws Exception {
            HostDirectories.remove(directory);
        }
    }

    private Path tree;
    private Path kept;

    @BeforeEach
    void make() throws Exception {
        tree = Files.createDirectory(folder.resolve("a tree"));
        kept = Files.createDirectory(folder.resolve("copies"));
    }

    private FileSystem mount() throws MountException {
        return mount(kept.toString());
    }

    private FileSystem mount(String kept) throws MountException {
        return new HostFileSystemType()
                .create(HostDirectories.spec(tree).withOption("snapshots", kept));
    }

    private static Snapshots snapshots(FileSystem fs) {
        return Objects.requireNonNull(fs.snapshots());
    }

    private static long number(FileSystem fs, String name) {
        return Objects.requireNonNull(fs.root().lookup(name)).attributes().inode();
    }

    private static long number(Snapshots snapshots, String snapshot, String name) {
        try (var then = snapshots.open(snapshot)) {
            return number(then, name);
        }
    }

    private static String text(Snapshots snapshots, String name) {
        try (var then = snapshots.open(name)) {
            return Trees.lasting(then);
        }
    }

    /// What is in the directory of snapshots of one that is not whole.
    private List<String> remains() throws IOException {
        try (var all = Files.list(kept.resolve(".podium"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals("lock") && !name.equals("numbers"))
                    .toList();
        }
    }

    @Test
    void whereTheyMayBe() throws Exception {
        try (var fs = HostDirectories.mount(tree)) {
            assertNull(fs.snapshots());
            assertTrue(fs.withoutSnapshots().contains("snapshots=DIRECTORY"));
        }
        Files.createDirectory(tree.resolve("in"));
        for (var wrong :
                List.of(
                        tree.resolve("in").toString(),
                        tree.toString(),
                        folder.toString(),
                        kept.resolve("none").toString(),
                        "relative",
                        Files.createFile(folder.resolve("file")).toString(),
                        Files.createSymbolicLink(folder.resolve("link"), tree).toString()))
            refused(() -> mount(wrong));
        refused(
                () ->
                        new HostFileSystemType()
                                .create(
                                        HostDirectories.spec(tree)
                                                .withOption("snapshots", kept.toString())
                                                .withOption("submounts", "true")));
        try (var fs = mount()) {
            var message = refused(this::mount);
            assertTrue(message.contains("open already"), message);
            assertNotNull(fs.snapshots());
        }
        mount().close();
    }

    /// What is there still keeps its number; what came anew has one, which all snapshots know.
    @Test
    void numbers() throws Exception {
        try (var fs = mount()) {
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
        try (var fs = mount()) {
            assertEquals(number(fs, "goes"), number(snapshots(fs), "one", "goes"));
            snapshots(fs).delete("one");
            snapshots(fs).delete("two");
            assertFalse(Files.exists(kept.resolve(".podium/numbers")));
        }
    }

    /// Whatever the host has there, and whatever order moves would need.
    @Test
    void whatTheHostHas() throws Exception {
        var at = tree;
        for (int i = 0; i < 200; i++) at = Files.createDirectory(at.resolve("deep"));
        Files.writeString(at.resolve("bottom"), "down here");
        Files.createLink(tree.resolve("up"), at.resolve("bottom"));
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("/nowhere"));
        try (var fs = mount()) {
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

    /// A guest may forbid it with modes of its own: there is a difference unless this is the host's
    /// superuser.
    @Test
    void whatModesForbid() throws Exception {
        try (var fs = mount()) {
            var root = fs.root();
            var f = file(fs, "f", random(5000, 1));
            f.setExtendedAttribute("user.x", new byte[] {1});
            var d = root.createDirectory("d", 0755, 0, 0);
            d.create("g", 0200, 0, 0).write(ByteBuffer.allocate(10), 0);
            var e = d.createDirectory("e", 0755, 0, 0);
            e.create("h", 0, 0, 0);
            var closed = List.of(e, d, f, root);
            for (var one : closed) one.change(AttributeChange.mode(0));
            snapshots(fs).take("one");
            for (var one : closed) assertEquals(0, one.attributes().mode() & 0777);
            for (var one : closed.reversed()) one.change(AttributeChange.mode(0700));
            var before = Trees.lasting(fs);
            f.write(ByteBuffer.allocate(1), 100);
            f.setExtendedAttribute("user.x", new byte[] {2});
            root.rename("d", root, "elsewhere", false);
            root.createDirectory("late", 0, 0, 0);
            for (var one : closed) one.change(AttributeChange.mode(0));
            snapshots(fs).restore("one");
            for (var one : closed) assertEquals(0, one.attributes().mode() & 0777);
            for (var one : closed.reversed()) one.change(AttributeChange.mode(0700));
            assertEquals(before, Trees.lasting(fs));
        }
    }

    @Test
    void whatDidNotChangeIsThereOnce() throws Exception {
        try (var fs = mount()) {
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

    /// While it is copied, programs go on; what it is, is what is there when they stop.
    @Test
    void underAProgramThatWrites() throws Exception {
        try (var fs = mount();
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

    /// From each phase that can be ended.
    @Test
    void whoEndsItFindsWhatWasThere() throws Exception {
        try (var fs = mount()) {
            var snapshots = snapshots(fs);
            for (int i = 0; i < 20; i++) file(fs, "f" + i, random(50_000, i));
            snapshots.take("one");
            for (int i = 0; i < 20; i += 2) fs.root().unlink("f" + i);
            for (int i = 1; i < 20; i += 2) file(fs, "f" + i).write(ByteBuffer.allocate(1), 0);
            var now = Trees.lasting(fs);
            int ended = 0;
            for (int calls = 0; ; calls++) {
                if (!ends(calls, progress -> snapshots.take("two", progress))) break;
                ended++;
                assertEquals(1, snapshots.list().size());
                assertEquals(List.of(), remains());
            }
            for (int calls = 0; ; calls++) {
                if (!ends(calls, progress -> snapshots.restore("one", progress))) break;
                ended++;
                assertEquals(now, Trees.lasting(fs));
                assertEquals(List.of(), remains());
            }
            assertTrue(ended > 20, "" + ended);
            assertEquals(text(snapshots, "one"), Trees.lasting(fs));
            snapshots.restore("two");
            assertEquals(now, Trees.lasting(fs));
        }
    }

    /// @return whether it could be ended at the call of that number
    private static boolean ends(int at, Consumer<MigrationProgress> work) {
        var calls = new AtomicInteger();
        try {
            work.accept((_, _, _, _) -> calls.getAndIncrement() < at);
            return false;
        } catch (ErrnoException e) {
            assertEquals(Errno.ECANCELED, e.errno());
            return true;
        }
    }

    @Test
    void whatCannotBeRestoredIsUndone() throws Exception {
        try (var fs = mount()) {
            var snapshots = snapshots(fs);
            for (int i = 0; i < 20; i++) file(fs, "f" + i, random(5000, i));
            snapshots.take("one");
            for (int i = 0; i < 20; i++) file(fs, "f" + i).write(ByteBuffer.allocate(1), 0);
            fs.root().rename("f3", fs.root(), "f4", false);
            var now = Trees.lasting(fs);
            try (var all = Files.list(kept.resolve("one/content"))) {
                Files.delete(all.sorted().toList().getLast());
            }
            fails(Errno.ENOENT, () -> snapshots.restore("one"));
            assertEquals(now, Trees.lasting(fs));
            assertEquals(List.of(), remains());
            Files.write(kept.resolve("one/manifest"), new byte[] {1}, StandardOpenOption.APPEND);
            snapshots.take("two");
            Files.writeString(kept.resolve("two/manifest"), "damaged");
            fails(Errno.EIO, () -> snapshots.restore("two"));
            fails(Errno.EIO, () -> snapshots.open("two"));
            assertEquals(now, Trees.lasting(fs));
            snapshots.take("three");
            assertEquals(now, text(snapshots, "three"));
            snapshots.delete("two");
        }
    }

    /// A restore is seen whole, by those as well who only read.
    @Test
    void whoReadsWaits() throws Exception {
        try (var fs = mount();
                var pool = Executors.newCachedThreadPool()) {
            var snapshots = snapshots(fs);
            var a = file(fs, "a", random(2_000_000, 1));
            var b = file(fs, "b", random(2_000_000, 2));
            snapshots.take("one");
            for (var file : List.of(a, b)) file.write(ByteBuffer.allocate(2_000_000), 0);
            var readers = new ArrayList<Future<byte[]>>();
            snapshots.restore(
                    "one",
                    (phase, _, _, _) -> {
                        if (phase != MigrationProgress.Phase.FREEZE || !isPaused(fs)) return true;
                        readers.add(pool.submit(() -> content(a)));
                        readers.add(pool.submit(() -> content(b)));
                        pause(20);
                        for (var one : readers) assertFalse(one.isDone());
                        return true;
                    });
            assertFalse(readers.isEmpty());
            for (int i = 0; i < readers.size(); i++)
                assertArrayEquals(random(2_000_000, i % 2 + 1), readers.get(i).get());
        }
    }

    private static boolean isPaused(FileSystem fs) {
        return ((HostFileSystem) fs).pause.isOwn();
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What a quota counts is what there is, and what was there once may be there again.
    @Test
    void quotas() throws Exception {
        var memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory));
        tree = Files.createTempDirectory(memory, "podium");
        var spec =
                HostDirectories.spec(tree)
                        .withOption("snapshots", kept.toString())
                        .withOption("quota", "200k")
                        .withOption("quota.inodes", "8");
        try {
            try (var fs = new HostFileSystemType().create(spec)) {
                for (int i = 0; i < 4; i++) file(fs, "f" + i, random(45_000, i));
                snapshots(fs).take("one");
                for (int i = 0; i < 4; i++) fs.root().unlink("f" + i);
                for (int i = 0; i < 6; i++) file(fs, "g" + i, random(30_000, i));
                fails(Errno.EDQUOT, () -> file(fs, "h", new byte[30_000]));
                snapshots(fs).take("two");
                for (var name : List.of("one", "two", "one")) {
                    snapshots(fs).restore(name);
                    try (var again = new HostFileSystemType().create(spec(spec))) {
                        assertEquals(again.statistics(), fs.statistics(), name);
                    }
                }
            }
        } finally {
            HostDirectories.remove(tree);
        }
    }

    private static MountSpec spec(MountSpec other) {
        var options = new HashMap<>(other.options());
        options.remove("snapshots");
        return new MountSpec("/", "host", other.source(), options, false);
    }

    @Test
    void ofWhatIsOnlyRead() throws Exception {
        Files.writeString(tree.resolve("f"), "text");
        var spec = HostDirectories.spec(tree).withOption("snapshots", kept.toString());
        try (var fs = new HostFileSystemType().create(spec.asReadOnly())) {
            snapshots(fs).take("one");
            fails(Errno.EROFS, () -> snapshots(fs).restore("one"));
            assertEquals(Trees.lasting(fs), text(snapshots(fs), "one"));
            fs.sync();
        }
    }
}
