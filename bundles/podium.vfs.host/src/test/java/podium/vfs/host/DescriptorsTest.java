package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.vfs.host.HostFileSystemTest.fails;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// Descriptors of the host are few, and all are closed.
class DescriptorsTest {

    private static final int ROUNDS = Integer.getInteger("podium.hammer.rounds", 10_000);

    /// Directories kept open, and what threads use at a moment.
    private static final int FEW = 256 + 16;

    @TempDir Path folder;

    private Descriptor open(Descriptors descriptors) {
        var path = folder.toString().getBytes(StandardCharsets.UTF_8);
        return descriptors.open(false, () -> Linux.openDirectory(path));
    }

    @Test
    void aShareIsAllThereIs() throws Exception {
        long before = HostDirectories.descriptors();
        var descriptors = new Descriptors(3);
        var first = descriptors.keep(open(descriptors));
        var second = descriptors.stay(open(descriptors));
        var third = open(descriptors);
        // The first one is in use, so that closing it makes no room yet.
        fails(Errno.ENFILE, () -> open(descriptors));
        assertNull(first.use());
        first.close();
        open(descriptors).passing().close();
        var used = second.use();
        assertNotNull(used);
        used.close();
        third.passing().close();
        second.close();
        descriptors.close();
        assertNull(second.use());
        assertEquals(0, descriptors.open());
        assertEquals(before, HostDirectories.descriptors());
    }

    @Test
    void aFailureTakesNothing() {
        var descriptors = new Descriptors(3);
        var none = folder.resolve("none").toString().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 10; i++)
            fails(Errno.ENOENT, () -> descriptors.open(false, () -> Linux.openDirectory(none)));
        assertEquals(0, descriptors.open());
    }

    @Test
    void manyDirectoriesNeedFewDescriptors() throws Exception {
        long before = HostDirectories.descriptors();
        try (var fs = HostDirectories.mount(folder)) {
            var all = new ArrayList<Node.Directory>();
            for (int i = 0; i < 1000; i++) all.add(fs.root().createDirectory("d" + i, 0755, 0, 0));
            for (var directory : all) directory.create("f", 0644, 0, 0);
            for (var directory : all) assertNotNull(directory.lookup("f"));
            assertTrue(HostDirectories.descriptors() - before <= FEW);
        }
        assertEquals(before, HostDirectories.descriptors());
    }

    /// A way back to a directory is longer than a path may be.
    @Test
    void aDeepDirectoryIsFoundAgain() throws Exception {
        try (var fs = HostDirectories.mount(folder)) {
            var name = "x".repeat(200);
            var deep = fs.root();
            for (int i = 0; i < 400; i++) deep = deep.createDirectory(name, 0755, 0, 0);
            deep.create("f", 0644, 0, 0);
            for (int i = 0; i < 600; i++)
                assertNull(fs.root().createDirectory("d" + i, 0755, 0, 0).lookup("f"));
            assertNotNull(deep.lookup("f"));
            deep.unlink("f");
            remove(fs.root(), name);
        }
    }

    private static void remove(Node.Directory top, String name) {
        var all = new ArrayList<Node.Directory>();
        for (var at = top; at != null; at = (Node.Directory) at.lookup(name)) all.add(at);
        for (var at : all.reversed().subList(1, all.size())) at.removeDirectory(name);
    }

    @Test
    void closingClosesWhatIsOpen() throws Exception {
        long before = HostDirectories.descriptors();
        var fs = HostDirectories.mount(folder);
        var file = fs.root().create("f", 0644, 0, 0);
        file.opened();
        var unnamed = fs.root().createUnnamed(0600, 0, 0);
        fs.root().create("never opened", 0644, 0, 0);
        fs.close();
        assertEquals(before, HostDirectories.descriptors());
        fails(Errno.EIO, () -> file.read(ByteBuffer.allocate(1), 0));
        file.released();
        fails(Errno.ENOENT, () -> unnamed.read(ByteBuffer.allocate(1), 0));
    }

    /// Threads of guests and the host do what they like in a few directories.
    @Test
    void nothingIsLeftOpenByWhateverHappens() throws Exception {
        long before = HostDirectories.descriptors();
        var unexpected = new AtomicInteger();
        try (var fs = HostDirectories.mount(folder);
                var pool = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) fs.root().createDirectory("d" + i, 0755, 0, 0);
            var all = new ArrayList<Future<?>>();
            for (int worker = 0; worker < 4; worker++) {
                var random = new Random(worker);
                boolean host = worker == 3;
                all.add(
                        pool.submit(
                                () -> {
                                    for (int i = 0; i < ROUNDS; i++)
                                        if (host) disturb(random);
                                        else act(fs, random, unexpected);
                                    return null;
                                }));
            }
            for (var one : all) one.get();
            assertTrue(HostDirectories.descriptors() - before <= FEW);
        }
        assertEquals(0, unexpected.get());
        assertEquals(before, HostDirectories.descriptors());
    }

    private static void act(FileSystem fs, Random random, AtomicInteger unexpected) {
        try {
            var directory = directory(fs, random);
            if (directory != null) act(fs, directory, random);
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case ENOENT, EEXIST, ENOTEMPTY, EISDIR, ENOTDIR, EINVAL -> {}
                default -> unexpected.incrementAndGet();
            }
        }
    }

    private static Node.@org.jspecify.annotations.Nullable Directory directory(
            FileSystem fs, Random random) {
        var found = fs.root().lookup("d" + random.nextInt(4));
        return found instanceof Node.Directory directory ? directory : null;
    }

    private static void act(FileSystem fs, Node.Directory in, Random random) {
        var name = "f" + random.nextInt(5);
        switch (random.nextInt(8)) {
            case 0 -> use(in.create(name, 0644, 0, 0));
            case 1 -> in.unlink(name);
            case 2 -> {
                var other = directory(fs, random);
                if (other != null) in.rename(name, other, "f" + random.nextInt(5), false);
            }
            case 3 -> {
                if (in.lookup(name) instanceof Node.Regular file) use(file);
            }
            case 4 -> in.createDirectory(name, 0755, 0, 0);
            case 5 -> in.removeDirectory(name);
            case 6 -> in.entries(0, 100);
            default -> {
                if (in.lookup(name) instanceof Node.Directory directory)
                    use(directory.create("x", 0644, 0, 0));
            }
        }
    }

    private static void use(Node.Regular file) {
        file.opened();
        try {
            file.append(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            file.read(ByteBuffer.allocate(10), 0);
        } finally {
            file.released();
        }
    }

    private void disturb(Random random) {
        var from = folder.resolve("d" + random.nextInt(4)).resolve("f" + random.nextInt(5));
        var to = folder.resolve("d" + random.nextInt(4)).resolve("f" + random.nextInt(5));
        // As often as not there is nothing to move or remove.
        boolean _ =
                random.nextBoolean() ? from.toFile().renameTo(to.toFile()) : from.toFile().delete();
    }
}
