package podium.vfs.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// What is kept on the host, and what is kept in the bucket.
class CacheTest {

    @TempDir Path directory;

    private final MemoryBucket bucket = new MemoryBucket();

    /// Bytes that a directory takes.
    private static long taken(Path path) throws IOException, InterruptedException {
        var du = new ProcessBuilder("du", "-s", "-B1", path.toString()).start();
        var text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        du.waitFor();
        return Long.parseLong(text.split("\t", 2)[0]);
    }

    @Test
    void theCacheIsNoLargerThanItMayBe() throws Exception {
        var cache = directory.resolve("cache");
        try (var fs = Mounts.open(bucket, cache, "cache-size", "1m")) {
            for (int i = 0; i < 100; i++)
                Backends.file(fs, "f" + i, Backends.random(100_000, i)).sync(false);
            assertTrue(taken(cache) < 3 << 20, "taken: " + taken(cache));
            for (int round = 0; round < 2; round++)
                for (int i = 0; i < 100; i++)
                    assertArrayEquals(
                            Backends.random(100_000, i),
                            Backends.content(Backends.file(fs, "f" + i)));
            assertTrue(taken(cache) < 3 << 20, "taken: " + taken(cache));
        }
        // What was dropped is known to be.
        try (var fs = Mounts.read(bucket, cache)) {
            for (int i = 0; i < 100; i++)
                assertArrayEquals(
                        Backends.random(100_000, i), Backends.content(Backends.file(fs, "f" + i)));
        }
    }

    @Test
    void whatWasReadIsNotReadAgain() throws Exception {
        try (var fs = Mounts.open(bucket, directory.resolve("one"))) {
            Backends.file(fs, "f", Backends.random(1_000_000, 1));
        }
        var other = directory.resolve("two");
        try (var fs = Mounts.read(bucket, other)) {
            Backends.content(Backends.file(fs, "f"));
            int calls = bucket.count();
            Backends.content(Backends.file(fs, "f"));
            assertEquals(calls, bucket.count());
        }
        try (var fs = Mounts.read(bucket, other)) {
            int calls = bucket.count();
            assertArrayEquals(
                    Backends.random(1_000_000, 1), Backends.content(Backends.file(fs, "f")));
            assertEquals(calls, bucket.count());
        }
    }

    @Test
    void aLargeFileThatIsMostlyHole() throws Exception {
        long end = 1L << 40;
        try (var fs = Mounts.open(bucket, directory.resolve("one"))) {
            var file = fs.root().create("f", 0644, 0, 0);
            file.truncate(end);
            for (long at = 0; at < end; at += 1L << 36)
                file.write(ByteBuffer.wrap(new byte[] {(byte) (at >> 36)}), at);
            fs.sync();
        }
        assertTrue(bucket.count() < 20, bucket.calls::toString);
        try (var fs = Mounts.read(bucket, directory.resolve("two"))) {
            var file = Backends.file(fs, "f");
            assertEquals(end, file.attributes().size());
            assertEquals(1L << 36, file.seek(4096, true));
            for (long at = 0; at < end; at += 1L << 36) {
                var two = ByteBuffer.allocate(2);
                file.read(two, at);
                assertEquals((byte) (at >> 36), two.get(0));
                assertEquals(0, two.get(1));
            }
        }
        assertTrue(taken(directory.resolve("two")) < 4 << 20);
    }

    @Test
    void theLogStaysShortAndWasteGoes() throws Exception {
        try (var fs = Mounts.open(bucket, directory.resolve("one"), Mounts.QUICK)) {
            for (int i = 0; i < 200; i++) {
                write(fs, "f" + i % 5, Backends.random(20_000, i)).sync(false);
                if (i % 20 == 0) Thread.sleep(5);
            }
            until(() -> bucket.list(ObjectId.LOG).size() < 20);
            for (int i = 0; i < 5; i++) fs.root().unlink("f" + i);
            for (int i = 0; i < 10; i++) {
                Backends.file(fs, "g" + i, new byte[1]);
                fs.sync();
            }
        }
        long size = 0;
        for (var key : bucket.keys()) size += bucket.bytes(key).length;
        assertTrue(size < 2_000_000, "bytes left: " + size);
    }

    private static Node.Regular write(FileSystem fs, String name, byte[] content) {
        var known = (Node.Regular) fs.root().lookup(name);
        if (known == null) return Backends.file(fs, name, content);
        known.write(ByteBuffer.wrap(content), 0);
        return known;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void until(Condition condition) throws Exception {
        for (int i = 0; !condition.holds(); i++) {
            assertTrue(i < 2000, "it never happens");
            Thread.sleep(10);
        }
    }

    /// What a writer left that died in the middle, and nobody else's.
    @Test
    void whatNothingRefersToIsRemoved() throws Exception {
        try (var fs = Mounts.open(bucket, directory.resolve("one"))) {
            Backends.file(fs, "f", Backends.random(100_000, 1));
        }
        var dead = new ObjectId(1, 77).key();
        bucket.set(dead, new byte[100]);
        // Of a writer that comes later, perhaps.
        var young = new ObjectId(1000, 0).key();
        bucket.set(young, new byte[100]);
        bucket.set("pack/notes", new byte[100]);
        try (var fs = Mounts.open(bucket, directory.resolve("one"), Mounts.QUICK)) {
            until(() -> !bucket.keys().contains(dead));
            assertTrue(bucket.keys().contains(young));
            assertTrue(bucket.keys().contains("pack/notes"));
            assertArrayEquals(
                    Backends.random(100_000, 1), Backends.content(Backends.file(fs, "f")));
        }
    }

    /// Readers, writers, uploads, checkpoints and a cache that is always too small.
    @Test
    void allAtOnce() throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime());
        String tree;
        try (var fs =
                        Mounts.open(
                                bucket,
                                directory.resolve("one"),
                                Mounts.QUICK,
                                "cache-size",
                                "300k");
                var pool = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 20; i++) Backends.file(fs, "f" + i, Backends.random(50_000, i));
            fs.sync();
            var done = new ArrayList<Future<?>>();
            for (int worker = 0; worker < 4; worker++) {
                int own = worker;
                done.add(
                        pool.submit(
                                () -> {
                                    var random = new Random(seed + own);
                                    for (int k = 0; k < 300; k++) {
                                        int i = random.nextInt(20);
                                        assertArrayEquals(
                                                Backends.random(50_000, i),
                                                Backends.content(Backends.file(fs, "f" + i)),
                                                "podium.seed=" + seed);
                                        if (k % 5 > 0) continue;
                                        var name = "w" + own + "-" + k % 4;
                                        write(fs, name, Backends.random(30_000, k));
                                        if (k % 2 == 0) fs.sync();
                                    }
                                    return null;
                                }));
            }
            for (var future : done) future.get();
            tree = Trees.text(fs);
        }
        try (var fs = Mounts.read(bucket, directory.resolve("two"))) {
            assertEquals(tree, Trees.text(fs));
        }
        assertFalse(tree.isEmpty());
    }
}
