package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static podium.testkit.Backends.content;
import static podium.testkit.Backends.fails;
import static podium.testkit.Backends.file;
import static podium.testkit.Backends.random;
import static podium.testkit.Backends.refused;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.FileSystem.Capability;
import podium.vfs.FileSystemType;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;

/// What every backend promises, besides [FileSystemContract], that keeps a tree in a place of the
/// host's of its own: it is there again, whole, and nobody else's meanwhile. [KillContract] tries
/// what a crash leaves.
public abstract class DurableFileSystemContract {

    @TempDir Path directory;

    /// The backend. Its class has a public constructor without parameters.
    protected abstract FileSystemType type();

    private Path source() {
        return directory.resolve("source");
    }

    private MountSpec spec(String... options) {
        var spec = MountSpec.of("/", type().name(), source().toString());
        for (int i = 0; i < options.length; i += 2)
            spec = spec.withOption(options[i], options[i + 1]);
        return spec;
    }

    private FileSystem mount(String... options) throws MountException {
        return type().create(spec(options));
    }

    @Test
    void everythingIsThereAgain() throws Exception {
        String tree;
        long accessed = 1_234_567_890_123_456_789L;
        try (var fs = mount("mode", "1777", "uid", "7", "gid", "8")) {
            var root = fs.root();
            var file = file(fs, "file", random(100_000, 1));
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
            for (var node : List.of(root, d, file, sparse))
                node.setExtendedAttribute("user.of", new byte[] {(byte) node.attributes().inode()});
            file.setExtendedAttribute("trusted.large", random(60_000, 2));
            sparse.setExtendedAttribute("user.of", null);
            tree = Trees.text(fs);
            assertTrue(fs.capabilities().contains(Capability.DURABLE));
        }
        try (var fs = mount()) {
            assertEquals(tree, Trees.text(fs));
            var file = file(fs, "file");
            assertEquals(accessed, file.attributes().accessed());
            assertArrayEquals(random(100_000, 1), content(file));
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

    /// The last page may be kept as short as the file was then.
    @Test
    void behindAShortPageAreZeros() throws Exception {
        try (var fs = mount()) {
            var file = file(fs, "f", random(24, 1));
            fs.sync();
            file.truncate(5000);
            var part = ByteBuffer.allocate(1000);
            assertEquals(1000, file.read(part, 3820));
            assertArrayEquals(new byte[1000], part.array());
            assertEquals(24, file.read(part.clear().limit(24), 0));
            assertArrayEquals(random(24, 1), java.util.Arrays.copyOf(part.array(), 24));
        }
    }

    @Test
    void oneUserAtATime() throws Exception {
        try (var fs = mount()) {
            var message = refused(() -> mount());
            assertTrue(message.contains("open already, in this JVM"), message);
            file(fs, "still", new byte[1]);
            fs.sync();
            // The refusal has not ended the lock against other processes either.
            assertTrue(elsewhere().contains("another process has it open"));
        }
        assertFalse(elsewhere().contains("another process"));
        mount().close();
    }

    /// What another process is told.
    private String elsewhere() throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Opener.class.getName(),
                                type().getClass().getName(),
                                source().toString())
                        .redirectErrorStream(true)
                        .start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    /// What another process does.
    static final class Opener {

        private Opener() {}

        public static void main(String[] arguments) throws ReflectiveOperationException {
            var type =
                    (FileSystemType)
                            Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
            try (var _ = type.create(MountSpec.of("/", type.name(), arguments[1]))) {
                System.out.println("mounted");
            } catch (MountException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void aCheckFindsNothingAndChangesNothing() throws Exception {
        var lines = new ArrayList<String>();
        try (var fs = mount()) {
            file(fs, "f", random(100_000, 1));
            fs.root().createDirectory("d", 0755, 0, 0).createLink("l", "f", 0, 0);
            var open = file(fs, "open", random(1000, 2));
            open.opened();
            fs.root().unlink("open");
            fs.sync();
            // Who has it mounted would not know of a repair.
            var message = refused(() -> type().check(spec(), true, lines::add));
            assertTrue(message.contains("open already"), message);
        }
        for (boolean repair : new boolean[] {false, true}) {
            var before = files();
            var result = type().check(spec(), repair, lines::add);
            assertEquals(0, result.status(), lines::toString);
            assertEquals(0, result.problems());
            assertEquals(before, files());
        }
        assertEquals(List.of(), lines);
        refused(() -> type().check(MountSpec.of("/", "x", directory + "/none"), false, lines::add));
    }

    @Test
    void aReadOnlyMountChangesNothing() throws Exception {
        try (var fs = mount()) {
            file(fs, "f", random(10_000, 1));
        }
        var before = files();
        try (var fs = type().create(spec().asReadOnly())) {
            assertArrayEquals(random(10_000, 1), content(file(fs, "f")));
            assertFalse(fs.capabilities().contains(Capability.WRITE));
            fails(Errno.EROFS, () -> fs.root().create("g", 0644, 0, 0));
            fails(Errno.EROFS, () -> file(fs, "f").truncate(0));
            fails(Errno.EROFS, () -> fs.root().unlink("f"));
            fs.sync();
        }
        assertEquals(before, files());
    }

    private List<String> files() throws IOException {
        try (var paths = Files.walk(directory)) {
            var list = new ArrayList<String>();
            for (var path : paths.filter(Files::isRegularFile).sorted().toList())
                list.add(path + " " + java.util.Arrays.hashCode(Files.readAllBytes(path)));
            return list;
        }
    }

    @ParameterizedTest
    @CsvSource({"size, inodes, ENOSPC", "quota, quota.inodes, EDQUOT"})
    void theQuotaIsKept(String size, String inodes, Errno full) throws Exception {
        try (var fs = mount(size, "100k", inodes, "4")) {
            var file = fs.root().create("f", 0644, 0, 0);
            var bytes = ByteBuffer.allocate(200 * 1024);
            assertEquals(100 * 1024, file.write(bytes, 0));
            fails(full, () -> file.write(bytes, 100 * 1024));
            fails(full, () -> file.allocate(0, 0, 1L << 40));
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
            fails(full, () -> fs.root().create("i", 0644, 0, 0));
            fs.root().unlink("f");
            fs.root().create("i", 0644, 0, 0);
            assertEquals(25, fs.statistics().free());
        }
        try (var fs = mount(size, "100k", inodes, "4")) {
            assertEquals(25, fs.statistics().free());
            fails(full, () -> fs.root().create("j", 0644, 0, 0));
        }
    }

    @Test
    void theGreatestOffsetsAreLikeOthers() throws Exception {
        long last = Long.MAX_VALUE - 1;
        try (var fs = mount()) {
            var file = fs.root().create("f", 0644, 0, 0);
            assertEquals(1, file.write(ByteBuffer.wrap(new byte[] {7}), last));
            fails(Errno.EFBIG, () -> file.write(ByteBuffer.allocate(1), Long.MAX_VALUE));
            assertEquals(7, at(file, last));
            assertEquals(Long.MAX_VALUE, file.seek(last, false));
        }
        try (var fs = mount()) {
            var file = file(fs, "f");
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
    }

    private static int at(Node.Regular file, long position) {
        var one = ByteBuffer.allocate(1);
        assertEquals(1, file.read(one, position));
        return one.get(0);
    }

    @Test
    void descriptorsAreGivenBack() throws Exception {
        mount().close();
        long before = descriptors();
        for (int i = 0; i < 20; i++)
            try (var fs = mount()) {
                file(fs, "f" + i, random(50_000, i));
                fs.sync();
                content(file(fs, "f" + i));
            }
        refused(() -> mount("size", "x"));
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
        try (var fs = mount();
                var pool = Executors.newFixedThreadPool(3)) {
            var content = random(1 << 20, 1);
            var file = file(fs, "f", content);
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
                                    var own = file(fs, "own" + worker, new byte[100]);
                                    for (int k = 0; k < 200; k++) {
                                        assertArrayEquals(content, content(file));
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
            assertEquals(2100, file(fs, "own0").attributes().size());
        }
        try (var fs = mount()) {
            assertEquals(2100, file(fs, "own2").attributes().size());
        }
    }

    @Test
    void afterItIsClosedEverythingFails() throws Exception {
        var fs = mount();
        var file = file(fs, "f", new byte[10]);
        file.opened();
        fs.close();
        fs.close();
        fails(Errno.EIO, () -> content(file));
        fails(Errno.EIO, () -> file.append(ByteBuffer.allocate(1)));
        fails(Errno.EIO, () -> fs.root().create("g", 0644, 0, 0));
        file.released();
    }

    @Test
    void aDiskOfTheHostsThatIsFull() throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=8m", "none", directory.toString()),
                "only the superuser can make a small disk");
        try (var fs = mount()) {
            fill(fs);
        } finally {
            assertTrue(run("umount", directory.toString()));
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Writes until the disk is full: what was synced stays, removing goes on, and gives space.
    public static void fill(FileSystem fs) {
        int synced = 0;
        try {
            for (int i = 0; ; i++) {
                var file = file(fs, "f" + i, random(100_000, i));
                assertEquals(100_000, file.attributes().size());
                file.sync(false);
                synced++;
            }
        } catch (ErrnoException e) {
            assertEquals(Errno.ENOSPC, e.errno());
        }
        assertTrue(synced > 20, "synced: " + synced);
        check(fs, synced);
        fails(Errno.ENOSPC, () -> fill(file(fs, "f0")));
        check(fs, synced);
        // Space can be had again, to the last byte that was given back.
        for (int i = 1; i < synced; i++) fs.root().unlink("f" + i);
        fs.sync();
        file(fs, "again", random(500_000, 7)).sync(false);
        assertArrayEquals(random(500_000, 7), content(file(fs, "again")));
    }

    /// Until nothing more is taken, a page at a time so that it waits in memory.
    private static void fill(Node.Regular file) {
        for (int i = 0; ; i++) file.write(ByteBuffer.allocate(4000), 1_000_000L + 8192L * i);
    }

    private static void check(FileSystem fs, int synced) {
        for (int i = 0; i < synced; i++) {
            var bytes = ByteBuffer.allocate(100_000);
            file(fs, "f" + i).read(bytes, 0);
            assertArrayEquals(random(100_000, i), bytes.array(), "f" + i);
        }
    }
}
