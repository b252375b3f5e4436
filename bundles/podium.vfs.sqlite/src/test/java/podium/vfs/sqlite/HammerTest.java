package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// Many threads, while inodes are forgotten as fast as they are met: what is read was written, as
/// one, and what is looked up is what there is.
class HammerTest {

    private static final int FILES = 8;
    private static final int WRITERS = 3;
    private static final int READERS = 3;

    @TempDir Path directory;

    private final AtomicBoolean ended = new AtomicBoolean();

    @Test
    void readersSeeWholeChanges() throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime());
        try (var fs = Databases.open(directory.resolve("data.db"), 20);
                var pool = Executors.newFixedThreadPool(WRITERS + READERS + 1)) {
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < WRITERS; i++) {
                var random = new Random(seed + i);
                done.add(pool.submit(untilEnd(() -> write(fs, random))));
            }
            for (int i = 0; i < READERS; i++) {
                var random = new Random(seed - i - 1);
                done.add(pool.submit(untilEnd(() -> read(fs, random))));
            }
            done.add(pool.submit(untilEnd(HammerTest::forget)));
            for (int i = 0; i < 30 && done.stream().noneMatch(Future::isDone); i++)
                Thread.sleep(100);
            ended.set(true);
            long calls = 0;
            for (var future : done) calls += (Long) future.get();
            assertTrue(calls > 100, "calls: " + calls);
        }
        var problems = new ArrayList<String>();
        Check.run(directory.resolve("data.db"), false, problems::add);
        assertEquals(new ArrayList<>(), problems, "podium.seed=" + seed);
    }

    private Callable<Long> untilEnd(Runnable work) {
        return () -> {
            long count = 0;
            for (; !ended.get(); count++)
                try {
                    work.run();
                } catch (ErrnoException e) {
                    // Others were faster.
                    switch (e.errno()) {
                        case ENOENT, EEXIST, ESTALE -> {}
                        default -> throw e;
                    }
                }
            return count;
        };
    }

    /// A file has one byte only, as often as its size and its mode say.
    private static void write(FileSystem fs, Random random) {
        var root = fs.root();
        var name = "f" + random.nextInt(FILES);
        var fresh = "new" + random.nextLong();
        int size = 1 + random.nextInt(50_000);
        var file = root.create(fresh, size % 0777, 0, 0);
        file.opened();
        var bytes = new byte[size];
        Arrays.fill(bytes, (byte) size);
        file.write(ByteBuffer.wrap(bytes), 0);
        root.rename(fresh, root, name, false);
        // The same again: who reads sees one of them, or the other.
        bytes = new byte[random.nextBoolean() ? size : size / 2 + 1];
        Arrays.fill(bytes, (byte) (size + 1));
        file.write(ByteBuffer.wrap(bytes), 0);
        if (random.nextInt(10) == 0) file.sync(false);
        if (random.nextInt(5) == 0) root.unlink(name);
        file.released();
    }

    private static void read(FileSystem fs, Random random) {
        if (!(fs.root().lookup("f" + random.nextInt(FILES)) instanceof Node.Regular file)) return;
        var is = file.attributes();
        assertEquals(is.size() % 0777, is.mode() & 0777, is.toString());
        var buffer = ByteBuffer.allocate((int) is.size());
        int count = file.read(buffer, 0);
        assertEquals(is.size(), count);
        int changes = 0;
        for (int i = 1; i < count; i++) if (buffer.get(i) != buffer.get(i - 1)) changes++;
        assertTrue(changes <= 1, "changes: " + changes);
    }

    private static void forget() {
        System.gc();
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// An access time is set without a change, and written by one, with its checksum.
    @Test
    void accessTimesAreWrittenAsTheyAreSealed() throws Exception {
        try (var fs = Databases.open(directory.resolve("data.db"));
                var pool = Executors.newFixedThreadPool(1)) {
            var file = fs.root().create("f", 0644, 0, 0);
            long inode = file.attributes().inode();
            var times = new AtomicLong();
            Runnable read = () -> file.change(AttributeChange.times(times.incrementAndGet(), null));
            var reader = pool.submit(untilEnd(read));
            try {
                for (int i = 0; i < 2000; i++) {
                    file.change(AttributeChange.mode(i & 0777));
                    var sound =
                            fs.tree()
                                    .read(
                                            inode,
                                            session ->
                                                    session.one(
                                                            Table.INODE::isSound,
                                                            Sql.INODE,
                                                            inode));
                    assertEquals(true, sound, "change " + i);
                }
            } finally {
                ended.set(true);
            }
            assertTrue(reader.get() > 100);
        }
    }

    /// What a name leads to is the same object for all who hold it.
    @Test
    void aNameIsOneObject() throws Exception {
        var file = directory.resolve("data.db");
        try (var fs = Databases.open(file)) {
            for (int i = 0; i < 500; i++) fs.root().create("f" + i, 0644, 0, 0);
        }
        try (var fs = Databases.open(file);
                var pool = Executors.newFixedThreadPool(5)) {
            var writer = pool.submit(untilEnd(() -> fs.root().create("x", 0644, 0, 0).truncate(9)));
            var changer =
                    pool.submit(
                            untilEnd(
                                    () -> {
                                        fs.root().unlink("x");
                                        fs.root().rename("f0", fs.root(), "f0", false);
                                    }));
            var done = new ArrayList<Future<Node[]>>();
            for (int i = 0; i < 3; i++)
                done.add(
                        pool.submit(
                                () -> {
                                    var nodes = new Node[500];
                                    for (int k = 0; k < 500; k++)
                                        nodes[k] = fs.root().lookup("f" + k);
                                    return nodes;
                                }));
            for (var future : done) assertArrayEquals(done.getFirst().get(), future.get());
            ended.set(true);
            writer.get();
            changer.get();
        }
    }
}
