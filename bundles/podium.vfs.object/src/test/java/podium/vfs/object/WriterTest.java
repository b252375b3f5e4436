package podium.vfs.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.FileSystem;

/// Who may write, and what becomes of caches.
class WriterTest {

    @TempDir Path directory;

    private final MemoryBucket bucket = new MemoryBucket();

    private FileSystem mount(String cache, String... options) throws IOException {
        return Mounts.open(bucket, directory.resolve(cache), options);
    }

    private static void file(FileSystem fs, String name, int seed) {
        Backends.file(fs, name, Backends.random(30_000, seed)).sync(false);
    }

    @Test
    void theSecondWriterIsRefusedWhileTheFirstLives() throws Exception {
        try (var fs = mount("one")) {
            file(fs, "f", 1);
            bucket.age = 12;
            var message = Backends.refused(() -> mount("two"));
            assertTrue(message.contains("it is mounted by "), message);
            assertTrue(message.contains("heard of 12 seconds ago"), message);
            file(fs, "g", 2);
            try (var reader = Mounts.read(bucket, directory.resolve("three"))) {
                assertEquals(Trees.text(fs), Trees.text(reader));
            }
        }
        try (var fs = mount("two")) {
            assertEquals(2, fs.root().entries(0, 10).size());
        }
    }

    @Test
    void whoWasTakenOverWritesNothingMore() throws Exception {
        String tree;
        try (var first = mount("one")) {
            file(first, "f", 1);
            bucket.age = 61;
            try (var second = mount("two")) {
                file(second, "g", 2);
                Backends.file(first, "late", Backends.random(10_000, 3));
                Backends.fails(Errno.EIO, first::sync);
                Backends.fails(Errno.EIO, () -> first.root().create("later", 0644, 0, 0));
                assertArrayEquals(
                        Backends.random(30_000, 1), Backends.content(Backends.file(first, "f")));
                file(second, "h", 3);
                tree = Trees.text(second);
            }
        }
        try (var fs = mount("three")) {
            assertEquals(tree, Trees.text(fs));
        }
    }

    @Test
    void aCacheThatIsLostCostsNothingThatWasSynced() throws Exception {
        String tree;
        try (var fs = mount("one")) {
            file(fs, "f", 1);
            tree = Trees.text(fs);
        }
        Mounts.remove(directory.resolve("one"));
        try (var fs = mount("one")) {
            assertEquals(tree, Trees.text(fs));
        }
    }

    @Test
    void aCacheThatIsBehindFollows() throws Exception {
        try (var fs = mount("one")) {
            file(fs, "f", 1);
        }
        String tree;
        try (var fs = mount("two")) {
            file(fs, "g", 2);
            fs.root().unlink("f");
            tree = Trees.text(fs);
        }
        try (var fs = mount("one")) {
            assertEquals(tree, Trees.text(fs));
            file(fs, "h", 3);
        }
        try (var fs = Mounts.read(bucket, directory.resolve("two"))) {
            assertEquals(3, fs.root().entries(0, 10).size() + 1);
        }
    }

    /// It promised that what it has is kept.
    @Test
    void aCacheThatIsAheadIsNotGivenUp() throws Exception {
        ahead("local");
        var message = Backends.refused(() -> mount("left", "sync", "local"));
        assertTrue(message.contains("never reached the bucket"), message);
        message = Backends.refused(() -> Mounts.read(bucket, directory.resolve("left")));
        assertTrue(message.contains("never reached the bucket"), message);
    }

    /// It promised nothing: what it has was never synced.
    @Test
    void aCacheThatPromisedNothingFollows() throws Exception {
        var tree = ahead("bucket");
        try (var fs = mount("left")) {
            assertEquals(tree, Trees.text(fs));
        }
    }

    /// A process dies, with something in its cache alone, and another one goes on without it.
    private String ahead(String sync) throws IOException {
        try (var fs = mount("one", "sync", sync)) {
            Backends.file(fs, "f", Backends.random(30_000, 1));
            fs.sync();
            bucket.fault =
                    (call, key, done) -> {
                        if (call.equals("create"))
                            throw new BucketException(BucketException.Kind.UNREACHABLE, "away");
                    };
            Backends.file(fs, "g", Backends.random(30_000, 2));
            if (sync.equals("local")) fs.sync();
            else Backends.fails(Errno.ETIMEDOUT, fs::sync);
            Mounts.copy(directory.resolve("one"), directory.resolve("left"));
            bucket.fault = (call, key, done) -> {};
            bucket.age = 61;
            try (var other = mount("two")) {
                file(other, "h", 3);
                return Trees.text(other);
            }
        }
    }

    @Test
    void aCacheThatIsAheadGoesOnWhenNobodyElseHasWritten() throws Exception {
        String tree;
        try (var fs = mount("one", "sync", "local")) {
            Backends.file(fs, "g", Backends.random(30_000, 2));
            fs.sync();
            tree = Trees.text(fs);
            Mounts.copy(directory.resolve("one"), directory.resolve("left"));
            bucket.fault =
                    (call, key, done) -> {
                        throw new BucketException(BucketException.Kind.UNREACHABLE, "away");
                    };
        }
        bucket.fault = (call, key, done) -> {};
        try (var fs = mount("left", "sync", "local")) {
            assertEquals(tree, Trees.text(fs));
        }
        try (var fs = mount("two")) {
            assertEquals(tree, Trees.text(fs));
        }
    }

    @Test
    void aCacheOfSomethingElseIsRefused() throws Exception {
        mount("one").close();
        var other = new MemoryBucket();
        Mounts.open(other, directory.resolve("two")).close();
        assertTrue(Backends.refused(() -> mount("two")).contains("is another tree's"));
        var empty = new MemoryBucket();
        assertTrue(
                Backends.refused(() -> Mounts.open(empty, directory.resolve("one")))
                        .contains("holds no tree, but the cache"));
        assertTrue(
                Backends.refused(() -> Mounts.read(empty, directory.resolve("three")))
                        .contains("it holds no tree"));
    }

    @Test
    void aServerWithoutConditionsIsRefused() throws Exception {
        var blind =
                new Bucket() {
                    @Override
                    public String name() {
                        return "blind";
                    }

                    @Override
                    public boolean create(String key, byte[] bytes) throws BucketException {
                        bucket.put(key, bytes);
                        return true;
                    }

                    @Override
                    public void put(String key, byte[] bytes) throws BucketException {
                        bucket.put(key, bytes);
                    }

                    @Override
                    public Part read(String key, long from, int most) throws BucketException {
                        return bucket.read(key, from, most);
                    }

                    @Override
                    public java.util.List<Item> list(String prefix) throws BucketException {
                        return bucket.list(prefix);
                    }

                    @Override
                    public void delete(java.util.Collection<String> keys) throws BucketException {
                        bucket.delete(keys);
                    }

                    @Override
                    public void close() {}
                };
        var message = Backends.refused(() -> Mounts.open(blind, directory.resolve("one")));
        assertTrue(message.contains("ignores If-None-Match"), message);
    }

    /// An answer is lost after the entry was made, and what comes next is another one.
    @Test
    void anEntryInDoubtIsFound() throws Exception {
        String tree;
        try (var fs = mount("one")) {
            file(fs, "f", 1);
            for (int i = 0; i < 5; i++) {
                bucket.fault =
                        (call, key, done) -> {
                            if (done && call.equals("create"))
                                throw new BucketException(BucketException.Kind.UNREACHABLE, "lost");
                        };
                Backends.file(fs, "g" + i, Backends.random(30_000, i));
                Backends.fails(Errno.ETIMEDOUT, fs::sync);
                bucket.fault = (call, key, done) -> {};
                file(fs, "h" + i, i);
            }
            tree = Trees.text(fs);
        }
        try (var fs = mount("two")) {
            assertEquals(tree, Trees.text(fs));
        }
    }
}
