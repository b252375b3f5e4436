package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.Backends;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// What is written again and again takes no more room than it should, and is never seen half moved.
class CompactionTest {

    private static final Limits LIMITS = new Limits(64 << 10, 16, 16 << 10, 8 << 10, 4 << 10, 5);

    private static final int FILES = 20;
    private static final int BYTES = 20_000;

    @TempDir Path directory;

    private FileSystem open() throws IOException {
        return StoreFileSystem.open(new HostDisk(directory, true), LIMITS, Stores.OPTIONS, false);
    }

    @Test
    void underLoad() throws Exception {
        try (var fs = open()) {
            for (int i = 0; i < FILES; i++) Backends.file(fs, "f" + i, version(i, 0));
            Backends.file(fs, "constant", Backends.random(100_000, 5));
            var ended = new AtomicBoolean();
            var done = new ArrayList<Future<?>>();
            try (var pool = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 3; i++) done.add(pool.submit(() -> read(fs, ended)));
                done.add(pool.submit(() -> write(fs, ended)));
                long most = 0;
                while (!done.getLast().isDone()) {
                    most = Math.max(most, size());
                    Thread.sleep(1);
                }
                for (var future : done) future.get();
                // Written some hundred times over; twice what is used, a few segments, the
                // journals.
                long used = FILES * BYTES * 2L + 100_000;
                assertTrue(most < 2 * used + (1 << 20), "bytes on the disk: " + most);
            }
            ((StoreFileSystem) fs).store().tick();
            long[] balance = ((StoreFileSystem) fs).store().segments.balance();
            assertTrue(
                    balance[0] <= Math.max(2 * LIMITS.segment(), balance[1] / 2),
                    java.util.Arrays.toString(balance));
            assertTrue(((StoreFileSystem) fs).store().segments.open() <= 65);
        }
        var problems = new ArrayList<String>();
        assertEquals(0, Check.check(directory, problems::add), problems::toString);
        try (var fs = open()) {
            for (int i = 0; i < FILES; i++) {
                var content = Backends.content(Backends.file(fs, "f" + i));
                assertArrayEquals(version(i, ByteBuffer.wrap(content).getInt()), content);
            }
        }
    }

    /// A file's content: the version's number, and what follows from it.
    private static byte[] version(int file, int version) {
        var bytes = Backends.random(BYTES, file * 1_000_003L + version);
        ByteBuffer.wrap(bytes).putInt(version);
        return bytes;
    }

    private static void write(FileSystem fs, AtomicBoolean ended) {
        var random = new Random(1);
        try {
            for (int version = 1; version < 3000; version++) {
                int i = random.nextInt(FILES);
                var file = Backends.file(fs, "f" + i);
                assertEquals(BYTES, file.write(ByteBuffer.wrap(version(i, version)), 0));
                if (random.nextInt(10) == 0) file.sync(true);
            }
        } finally {
            ended.set(true);
        }
    }

    private static void read(FileSystem fs, AtomicBoolean ended) {
        var random = new Random();
        var constant = Backends.random(100_000, 5);
        while (!ended.get()) {
            int i = random.nextInt(FILES);
            Node.Regular file = Backends.file(fs, "f" + i);
            var content = Backends.content(file);
            assertArrayEquals(version(i, ByteBuffer.wrap(content).getInt()), content);
            assertArrayEquals(constant, Backends.content(Backends.file(fs, "constant")));
        }
    }

    private long size() throws IOException {
        long size = 0;
        try (var paths = Files.newDirectoryStream(directory)) {
            for (var path : paths)
                try {
                    size += Files.size(path);
                } catch (java.nio.file.NoSuchFileException e) {
                    // Removed meanwhile, as segments and journals are.
                    continue;
                }
        }
        return size;
    }
}
