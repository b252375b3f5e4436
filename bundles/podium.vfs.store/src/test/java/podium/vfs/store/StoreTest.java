package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem.Capability;
import podium.vfs.Mode;
import podium.vfs.Node;

/// What a store does beyond the contract of file systems.
class StoreTest {

    @TempDir Path directory;

    @Test
    void everythingIsThereAgain() throws Exception {
        String tree;
        long accessed = 1_234_567_890_123_456_789L;
        try (var fs = Stores.mount(directory, "mode", "1777", "uid", "7", "gid", "8")) {
            var root = fs.root();
            var file = Stores.file(fs, "file", Stores.random(100_000, 1));
            file.change(new AttributeChange(04751, 11, 22, accessed, accessed + 1));
            root.createLink("link", "../x".repeat(1000), 3, 4);
            root.createSpecial("fifo", Mode.FIFO | 0600, 0, 0, 0);
            root.createSpecial("null", Mode.CHARACTER | 0666, 0x0103, 0, 0);
            var d = root.createDirectory("d\udc80", 0700, 0, 0);
            d.link("hard", file);
            var sparse = root.create("sparse", 0644, 0, 0);
            sparse.truncate(1L << 40);
            sparse.write(ByteBuffer.wrap(new byte[] {1}), 1L << 39);
            sparse.allocate(1, 1L << 41, 1 << 20);
            for (int i = 0; i < 500; i++) d.create("e" + i, 0644, 0, 0);
            for (int i = 0; i < 500; i += 3) d.unlink("e" + i);
            root.rename("fifo", d, "pipe", false);
            sparse.truncate(4L << 30);
            tree = Trees.text(fs);
            assertTrue(fs.capabilities().contains(Capability.DURABLE));
        }
        try (var fs = Stores.mount(directory)) {
            assertEquals(tree, Trees.text(fs));
            var file = Stores.file(fs, "file");
            assertEquals(accessed, file.attributes().accessed());
            assertArrayEquals(Stores.random(100_000, 1), Stores.content(file));
            var d = (Node.Directory) fs.root().lookup("d\udc80");
            assertNotNull(d);
            assertEquals(file, d.lookup("hard"));
            assertEquals(new java.util.HashSet<>(names(d)).size(), names(d).size());
            long fresh = d.create("fresh", 0644, 0, 0).attributes().inode();
            for (var name : names(d))
                if (!name.equals("fresh")) {
                    var node = d.lookup(name);
                    assertNotNull(node);
                    assertTrue(node.attributes().inode() < fresh, name);
                }
        }
    }

    private static List<String> names(Node.Directory directory) {
        return directory.entries(0, 10_000).stream().map(Node.Entry::name).toList();
    }

    @Test
    void aFileWithoutANameIsFreedWhenTheStoreIsOpenedNext() throws Exception {
        var disk = new RecordingDisk();
        var fs = Stores.open(disk);
        var file = Stores.file(fs, "f", Stores.random(300_000, 1));
        file.opened();
        fs.root().createUnnamed(0600, 0, 0).opened();
        fs.root().unlink("f");
        fs.sync();
        var after = new RecordingDisk(disk.files());
        try (var again = Stores.open(after)) {
            assertEquals(1, again.store().nodes.size());
            again.sync();
            assertTrue(
                    after.files().keySet().stream().filter(n -> n.startsWith("data")).count() <= 1);
        }
        file.released();
        fs.close();
    }

    @Test
    void oneUserAtATime() throws Exception {
        try (var fs = Stores.mount(directory)) {
            var message = Stores.refused(() -> Stores.mount(directory));
            assertTrue(message.contains("open already, in this JVM"), message);
            Stores.refused(() -> Check.check(directory, _ -> {}));
            Stores.file(fs, "still", new byte[1]);
            fs.sync();
            // The refusal has not ended the lock against other processes either.
            assertTrue(elsewhere().contains("another process has it open"));
        }
        assertFalse(elsewhere().contains("another process"));
        Stores.mount(directory).close();
    }

    /// What another process is told.
    private String elsewhere() throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Opener.class.getName(),
                                directory.toString())
                        .redirectErrorStream(true)
                        .start();
        var text = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return text;
    }

    static final class Opener {

        private Opener() {}

        public static void main(String[] arguments) {
            try (var _ = Stores.mount(Path.of(arguments[0]))) {
                System.out.println("mounted");
            } catch (podium.vfs.MountException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void whatCannotBeMountedIsSaidInOneLine() throws IOException {
        var full = Files.createDirectory(directory.resolve("full"));
        var file = Files.writeString(full.resolve("notes"), "mine");
        assertTrue(Stores.refused(() -> Stores.mount(full)).contains("holds no store"));
        assertTrue(Stores.refused(() -> Stores.mount(file)).contains("no directory"));
        assertTrue(
                Stores.refused(() -> Stores.mount(directory.resolve("a/b")))
                        .contains("above it does not exist"));
        for (var option : List.of("size", "inodes", "mode", "uid", "sise"))
            Stores.refused(() -> Stores.mount(directory.resolve("s"), option, "many"));
        Stores.refused(() -> Check.check(full, _ -> {}));
        try (var left = Files.list(full)) {
            assertEquals(List.of(file), left.toList());
        }
        Stores.refused(
                () ->
                        new StoreFileSystemType()
                                .create(Stores.spec(directory.resolve("s")).asReadOnly()));
    }

    @Test
    void aReadOnlyMountChangesNothing() throws Exception {
        try (var fs = Stores.mount(directory)) {
            Stores.file(fs, "f", Stores.random(10_000, 1));
        }
        var before = files();
        var spec = Stores.spec(directory).asReadOnly();
        try (var fs = new StoreFileSystemType().create(spec)) {
            assertArrayEquals(Stores.random(10_000, 1), Stores.content(Stores.file(fs, "f")));
            assertFalse(fs.capabilities().contains(Capability.WRITE));
            Stores.fails(Errno.EROFS, () -> fs.root().create("g", 0644, 0, 0));
            Stores.fails(Errno.EROFS, () -> Stores.file(fs, "f").truncate(0));
            Stores.fails(Errno.EROFS, () -> fs.root().unlink("f"));
            fs.sync();
        }
        assertEquals(before, files());
    }

    private List<String> files() throws IOException {
        try (var paths = Files.list(directory)) {
            var list = new ArrayList<String>();
            for (var path : paths.sorted().toList())
                list.add(path + " " + java.util.Arrays.hashCode(Files.readAllBytes(path)));
            return list;
        }
    }

    @Test
    void theQuotaIsKept() throws Exception {
        try (var fs = Stores.mount(directory, "size", "100k", "inodes", "4")) {
            var file = fs.root().create("f", 0644, 0, 0);
            var bytes = ByteBuffer.allocate(200 * 1024);
            assertEquals(100 * 1024, file.write(bytes, 0));
            Stores.fails(Errno.ENOSPC, () -> file.write(bytes, 100 * 1024));
            Stores.fails(Errno.ENOSPC, () -> file.allocate(0, 0, 1L << 40));
            assertEquals(100, file.write(ByteBuffer.allocate(100), 50));
            assertEquals(0, fs.statistics().free());
            file.allocate(3, 0, 4096);
            assertEquals(1, fs.statistics().free());
            file.truncate(0);
            assertEquals(25, fs.statistics().free());
            file.allocate(1, 0, 4096);
            assertEquals(24, fs.statistics().free());
            fs.root().create("g", 0644, 0, 0);
            fs.root().create("h", 0644, 0, 0);
            Stores.fails(Errno.ENOSPC, () -> fs.root().create("i", 0644, 0, 0));
            fs.root().unlink("f");
            fs.root().create("i", 0644, 0, 0);
            assertEquals(25, fs.statistics().free());
        }
        try (var fs = Stores.mount(directory, "size", "100k", "inodes", "4")) {
            assertEquals(25, fs.statistics().free());
            Stores.fails(Errno.ENOSPC, () -> fs.root().create("j", 0644, 0, 0));
        }
    }

    @Test
    void theGreatestOffsetsAreLikeOthers() throws Exception {
        var disk = new RecordingDisk();
        long last = Long.MAX_VALUE - 1;
        try (var fs = Stores.open(disk)) {
            var file = fs.root().create("f", 0644, 0, 0);
            assertEquals(1, file.write(ByteBuffer.wrap(new byte[] {7}), last));
            Stores.fails(Errno.EFBIG, () -> file.write(ByteBuffer.allocate(1), Long.MAX_VALUE));
            assertEquals(7, at(file, last));
            assertEquals(Long.MAX_VALUE, file.seek(last, false));
        }
        try (var fs = Stores.open(disk)) {
            var file = Stores.file(fs, "f");
            assertEquals(7, at(file, last));
            assertEquals(0, at(file, last - 1));
            assertEquals(0, at(file, 0));
            assertEquals(last & -4096, file.seek(0, true));
            assertEquals(Long.MAX_VALUE, file.seek(last, false));
            file.truncate(last);
            file.truncate(Long.MAX_VALUE);
            assertEquals(0, at(file, last));
            file.truncate(1);
            assertEquals(0, file.attributes().blocks());
            assertEquals(1, file.write(ByteBuffer.allocate(1), last - 4096));
            file.allocate(3, 0, Long.MAX_VALUE - 1);
            assertEquals(Long.MAX_VALUE - 4096, file.attributes().size());
        }
        assertEquals(0, Check.check(disk, _ -> {}));
    }

    private static int at(Node.Regular file, long position) {
        var one = ByteBuffer.allocate(1);
        assertEquals(1, file.read(one, position));
        return one.get(0);
    }

    @Test
    void manySyncsShareAForce() throws Exception {
        var disk = new RecordingDisk();
        try (var fs = Stores.open(disk);
                var pool = Executors.newFixedThreadPool(8)) {
            fs.sync();
            int before = forces(disk);
            disk.delay = 1;
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < 8; i++) {
                var file = fs.root().create("f" + i, 0644, 0, 0);
                done.add(
                        pool.submit(
                                () -> {
                                    for (int k = 0; k < 100; k++) {
                                        file.append(ByteBuffer.allocate(10));
                                        file.sync(true);
                                    }
                                }));
            }
            for (var future : done) future.get();
            int forces = forces(disk) - before;
            // Two for each commit, the segment's and the journal's.
            assertTrue(forces < 2 * 8 * 100 * 3 / 4, "forces: " + forces);
            // Nothing has changed: nothing is forced.
            fs.sync();
            Stores.file(fs, "f0").sync(false);
            assertEquals(forces, forces(disk) - before);
        }
    }

    private static int forces(RecordingDisk disk) {
        synchronized (disk) {
            return (int)
                    disk.steps.stream()
                            .filter(step -> step instanceof RecordingDisk.Step.Force)
                            .count();
        }
    }

    @Test
    void whatNobodySyncsIsCommittedInTheEnd() throws Exception {
        var disk = new RecordingDisk();
        var limits = new Limits(64 << 10, 16, 64 << 10, 8 << 10, 4 << 10, 20);
        try (var fs = StoreFileSystem.open(disk, limits, Stores.OPTIONS, false)) {
            Stores.file(fs, "f", Stores.random(5000, 1));
            long end = System.nanoTime() + 10_000_000_000L;
            for (boolean there = false; !there; Thread.sleep(5)) {
                assertTrue(System.nanoTime() < end, "it was not committed");
                try (var now = Stores.open(new RecordingDisk(disk.files()))) {
                    there = now.root().lookup("f") != null;
                    if (there)
                        assertArrayEquals(
                                Stores.random(5000, 1), Stores.content(Stores.file(now, "f")));
                }
            }
        }
    }

    @Test
    void aSyncThatFailedDoesNotSucceedLater() throws Exception {
        var disk = new RecordingDisk();
        var fs = Stores.open(disk);
        Stores.file(fs, "f", new byte[10]);
        fs.sync();
        disk.failure = new IOException("the disk is on fire");
        var file = Stores.file(fs, "g", new byte[10]);
        var logged =
                Stores.logged(
                        () -> {
                            Stores.fails(Errno.EIO, () -> file.sync(false));
                            disk.failure = null;
                            Stores.fails(Errno.EIO, () -> file.sync(false));
                            Stores.fails(Errno.EIO, fs::sync);
                            Stores.fails(Errno.EIO, () -> fs.root().unlink("f"));
                            assertEquals(10, Stores.content(file).length);
                            fs.close();
                        });
        assertEquals(1, logged.lines().count(), logged);
        try (var again = Stores.open(new RecordingDisk(disk.files()))) {
            assertNotNull(again.root().lookup("f"));
        }
    }

    @Test
    void descriptorsAreGivenBack() throws Exception {
        Stores.mount(directory).close();
        long before = descriptors();
        for (int i = 0; i < 20; i++)
            try (var fs = Stores.mount(directory)) {
                Stores.file(fs, "f" + i, Stores.random(50_000, i));
                fs.sync();
                Stores.content(Stores.file(fs, "f" + i));
            }
        Stores.refused(() -> Stores.mount(directory, "size", "x"));
        Files.writeString(directory.resolve(Journal.name(1L << 40)), "damaged");
        for (int i = 0; i < 20; i++) Stores.refused(() -> Stores.mount(directory));
        assertEquals(before, descriptors());
    }

    private static long descriptors() throws IOException {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }

    /// A thread that is interrupted while it uses a file's channel closes it for all.
    @Test
    void interruptsHurtNobody() throws Exception {
        try (var fs = Stores.mount(directory);
                var pool = Executors.newFixedThreadPool(3)) {
            var content = Stores.random(1 << 20, 1);
            var file = Stores.file(fs, "f", content);
            fs.sync();
            var threads = new ArrayList<Thread>();
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < 3; i++) {
                int worker = i;
                done.add(
                        pool.submit(
                                () -> {
                                    synchronized (threads) {
                                        threads.add(Thread.currentThread());
                                    }
                                    var own = Stores.file(fs, "own" + worker, new byte[100]);
                                    for (int k = 0; k < 200; k++) {
                                        assertArrayEquals(content, Stores.content(file));
                                        own.append(ByteBuffer.allocate(10));
                                        own.sync(false);
                                    }
                                }));
            }
            while (done.stream().anyMatch(future -> !future.isDone())) {
                Thread.sleep(0, 200_000);
                synchronized (threads) {
                    for (var thread : threads) thread.interrupt();
                }
            }
            for (var future : done) future.get();
            assertEquals(2100, Stores.file(fs, "own0").attributes().size());
        }
        try (var fs = Stores.mount(directory)) {
            assertEquals(2100, Stores.file(fs, "own2").attributes().size());
        }
    }

    @Test
    void afterItIsClosedEverythingFails() throws Exception {
        var fs = Stores.mount(directory);
        var file = Stores.file(fs, "f", new byte[10]);
        file.opened();
        fs.close();
        fs.close();
        Stores.fails(Errno.EIO, () -> Stores.content(file));
        Stores.fails(Errno.EIO, () -> file.append(ByteBuffer.allocate(1)));
        Stores.fails(Errno.EIO, () -> fs.root().create("g", 0644, 0, 0));
        file.released();
    }

    @Test
    void manySmallFilesAreCompact() throws Exception {
        int files = 100_000;
        try (var fs = Stores.mount(directory)) {
            long before = used();
            var ten = ByteBuffer.allocate(10);
            for (int d = 0; d < files / 1000; d++) {
                var below = fs.root().createDirectory("d" + d, 0755, 0, 0);
                for (int f = 0; f < 1000; f++)
                    below.create("file" + f, 0644, 0, 0).write(ten.clear(), 0);
            }
            fs.sync();
            long each = (used() - before) / files;
            assertTrue(each < 500, each + " bytes a file");
            assertNull(fs.root().lookup("none"));
        }
        try (var fs = Stores.mount(directory)) {
            assertEquals(files + files / 1000 + 1, ((StoreFileSystem) fs).store().nodes.size());
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
