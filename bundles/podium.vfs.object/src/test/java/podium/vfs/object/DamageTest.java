package podium.vfs.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// A bucket whose objects are not what was written, or are somebody's who means ill.
class DamageTest {

    private static final int FILES = 12;

    @TempDir Path directory;

    private final MemoryBucket bucket = new MemoryBucket();
    private String tree = "";
    private int caches;

    @BeforeEach
    void write() throws IOException {
        try (var fs = Mounts.open(bucket, directory.resolve("cache"))) {
            for (int i = 0; i < FILES; i++)
                Backends.file(fs, "f" + i, Backends.random(20_000, i)).sync(false);
            tree = Trees.text(fs);
        }
    }

    private Path cache() {
        return directory.resolve("cache" + caches++);
    }

    private static int check(Bucket bucket, Path cache, boolean repair, List<String> lines)
            throws IOException {
        return ObjectFileSystemType.check(
                () -> bucket, Mounts.options(cache), Mounts.STILL, repair, lines::add);
    }

    /// Reads everything: what is right, or EIO.
    private void read(Bucket bucket, String when) {
        try (var fs = Mounts.read(bucket, cache())) {
            for (int i = 0; i < FILES; i++) {
                var file = (Node.Regular) fs.root().lookup("f" + i);
                assertNotNull(file, when);
                try {
                    assertTrue(
                            Arrays.equals(Backends.random(20_000, i), Backends.content(file)),
                            when);
                } catch (ErrnoException e) {
                    assertEquals(Errno.EIO, e.errno(), when);
                }
            }
        } catch (IOException e) {
            assertFalse(String.valueOf(e.getMessage()).contains("\n"), when);
        }
    }

    @Test
    void whateverIsDamagedIsToldAndNeverPassedOver() throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime());
        var random = new Random(seed);
        int found = 0;
        for (var key : bucket.keys())
            for (int i = 0; i < 6; i++) {
                var when = "podium.seed=%d, %s, %d".formatted(seed, key, i);
                var copy = bucket.copy();
                copy.set(key, damaged(bucket.bytes(key), i, random));
                read(copy, when);
                var lines = new ArrayList<String>();
                try {
                    if (check(copy, cache(), false, lines) > 0) found++;
                } catch (IOException e) {
                    assertFalse(String.valueOf(e.getMessage()).contains("\n"), when);
                    found++;
                }
            }
        assertTrue(found > bucket.keys().size(), "found: " + found);
    }

    private static byte @org.jspecify.annotations.Nullable [] damaged(
            byte[] bytes, int how, Random random) {
        var copy = bytes.clone();
        switch (how) {
            case 0 -> {
                return null;
            }
            case 1 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            case 2 -> {
                return new byte[0];
            }
            case 3 -> ByteBuffer.wrap(copy).putInt(12, random.nextInt());
            default -> copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    /// An index that has the right checksum, and says anything.
    @Test
    void noIndexIsTrusted() throws Exception {
        var random = new Random(1);
        var key = lastEntry();
        var good = bucket.bytes(key);
        int length = EntryCodec.length(key, good);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            var bytes = good.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = EntryCodec.HEADER + random.nextInt(length - EntryCodec.HEADER);
                if (random.nextBoolean()) bytes[at] = (byte) random.nextInt();
                else if (at + 4 < length) ByteBuffer.wrap(bytes).putInt(at, random.nextInt());
            }
            int crc = EntryCodec.checksum(bytes, EntryCodec.HEADER, length - EntryCodec.HEADER);
            ByteBuffer.wrap(bytes).putInt(16, crc);
            try {
                var entry = EntryCodec.decode(key, bytes, bytes.length);
                if (entry.isCheckpoint()) Remote.of(entry);
            } catch (BucketException e) {
                assertFalse(e.getMessage().contains("\n"));
                refused++;
            }
        }
        assertTrue(refused > 1000, "refused: " + refused);
    }

    @Test
    void aHugeIndexIsRefusedBeforeItIsRead() {
        var huge = ByteBuffer.allocate(EntryCodec.HEADER);
        huge.putLong(EntryCodec.MAGIC).putInt(EntryCodec.VERSION).putInt(EntryCodec.MOST + 1);
        bucket.set(lastEntry(), huge.array());
        var message = Backends.refused(() -> Mounts.read(bucket, cache()));
        assertTrue(message.contains("no possible length"), message);
        huge.putInt(8, EntryCodec.VERSION + 1);
        bucket.set(lastEntry(), huge.array());
        message = Backends.refused(() -> Mounts.read(bucket, cache()));
        assertTrue(message.contains("version 2"), message);
    }

    /// Names of files become the host's.
    @Test
    void aNameThatLeavesTheCacheIsRefused() throws Exception {
        for (var name : List.of("../x", "a/b", "", ".", "..", "a~b", "x".repeat(200))) {
            var entry =
                    new Entry(
                            UUID.randomUUID(),
                            1,
                            1,
                            UUID.randomUUID(),
                            1,
                            "nobody",
                            1,
                            true,
                            Map.of(),
                            Map.of(name, new Entry.Addition(1, 0, List.of())),
                            List.of());
            var evil = new MemoryBucket();
            evil.set(ObjectId.entry(1).key(), EntryCodec.encode(entry, new byte[0]));
            var message = Backends.refused(() -> Mounts.read(evil, cache()));
            assertTrue(message.contains("it names a file"), message);
        }
    }

    private String lastEntry() {
        return bucket.keys().stream().filter(k -> k.startsWith(ObjectId.LOG)).toList().getLast();
    }

    /// Where content of files lies.
    private Piece content() throws IOException {
        var end = new Log(bucket).read();
        assertNotNull(end);
        var file = end.remote().files().get("data-00000001");
        assertNotNull(file);
        return file.pieces().getFirst();
    }

    private void damage(Piece piece) {
        var bytes = bucket.bytes(piece.object().key()).clone();
        bytes[piece.offset() + piece.length() / 2] ^= 1;
        bucket.set(piece.object().key(), bytes);
    }

    @Test
    void whatTheCacheHasIsWrittenAgain() throws Exception {
        var key = content().object().key();
        damage(content());
        var lines = new ArrayList<String>();
        assertTrue(check(bucket, directory.resolve("cache"), true, lines) > 0);
        assertTrue(lines.stream().anyMatch(line -> line.contains(key)), lines::toString);
        lines.clear();
        assertEquals(0, check(bucket, cache(), false, lines), lines::toString);
        try (var fs = Mounts.read(bucket, cache())) {
            assertEquals(tree, Trees.text(fs));
        }
    }

    @Test
    void whatNobodyHasReadsAsZeros() throws Exception {
        damage(content());
        assertTrue(check(bucket, cache(), true, new ArrayList<>()) > 0);
        var lines = new ArrayList<String>();
        assertEquals(0, check(bucket, cache(), false, lines), lines::toString);
        try (var fs = Mounts.open(bucket, cache())) {
            assertEquals(FILES, files(fs));
            int different = 0;
            for (int i = 0; i < FILES; i++) {
                var right = Backends.random(20_000, i);
                var read = Backends.content(Backends.file(fs, "f" + i));
                for (int at = 0; at < 20_000; at++) if (right[at] != read[at]) different++;
            }
            // One page, and nothing else.
            assertTrue(different > 3000 && different <= 4096, "different: " + different);
            Backends.file(fs, "more", new byte[100]);
        }
    }

    private static int files(FileSystem fs) {
        return (int)
                fs.root().entries(0, 100).stream().filter(e -> e.name().startsWith("f")).count();
    }

    /// It says nothing about what is in the bucket, and must not cost anything that is there.
    @Test
    void aRepairThatCannotReachTheBucketChangesNothing() throws Exception {
        damage(content());
        int before = bucket.changed();
        for (int reads = 1; reads < 40; reads += 3) {
            int last = reads;
            int[] count = {0};
            bucket.fault =
                    (call, k, done) -> {
                        if (call.equals("read") && count[0]++ >= last)
                            throw new BucketException(BucketException.Kind.UNREACHABLE, "away");
                    };
            var cache = cache();
            try {
                check(bucket, cache, true, new ArrayList<>());
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("away"), e::toString);
            }
            bucket.fault = (call, k, done) -> {};
            bucket.age = 61;
        }
        assertTrue(bucket.changed() >= before);
        assertThrows(IOException.class, () -> Mounts.read(new MemoryBucket(), cache()));
        check(bucket, directory.resolve("cache"), true, new ArrayList<>());
        try (var fs = Mounts.read(bucket, cache())) {
            assertEquals(FILES, files(fs));
        }
    }
}
