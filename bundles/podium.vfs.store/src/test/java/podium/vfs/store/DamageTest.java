package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.Backends;
import podium.testkit.Trees;

/// A disk that does not give back what it got.
class DamageTest {

    private Map<String, byte[]> files = new TreeMap<>();

    /// The trees behind each commit.
    private final Set<String> trees = new HashSet<>();

    /// Ends of the journal's frames.
    private final ArrayList<Integer> ends = new ArrayList<>();

    @BeforeEach
    void make() throws IOException {
        var disk = new RecordingDisk();
        var limits = new Limits(64 << 10, 16, 64 << 10, 1 << 20, 4 << 10, 0);
        try (var fs = StoreFileSystem.open(disk, limits, Stores.OPTIONS, false)) {
            trees.add(Trees.text(fs));
            for (int i = 0; i < 6; i++) {
                Backends.file(fs, "f" + i, Backends.random(3000 * i, i));
                fs.root().createDirectory("d" + i, 0755, 0, 0);
                fs.sync();
                trees.add(Trees.text(fs));
            }
            for (var step : disk.steps)
                if (step instanceof RecordingDisk.Step.Write write
                        && write.bytes().length > 4
                        && write.bytes()[0] == 'P')
                    ends.add((int) write.position() + write.bytes().length);
        }
        files = disk.files();
    }

    private static String journal(Map<String, byte[]> files) {
        return Journal.name(Recovery.generation(new ArrayList<>(files.keySet())));
    }

    private byte[] journal() {
        var bytes = files.get(journal(files));
        assertNotNull(bytes);
        return bytes;
    }

    @Test
    void aTornEndIsCutAndToldOnce() throws Exception {
        journal()[ends.getLast() - 20] ^= 1;
        var disk = new RecordingDisk(files);
        var logged =
                Backends.logged(
                        () -> {
                            try (var fs = Stores.open(disk)) {
                                assertNotNull(fs.root().lookup("f4"));
                                assertNull(fs.root().lookup("f5"));
                                Backends.file(fs, "again", new byte[10]);
                            }
                        });
        assertEquals(1, logged.lines().count(), logged);
        assertTrue(logged.contains("torn off by a crash"), logged);
        assertEquals(
                "",
                Backends.logged(
                        () -> {
                            try (var fs = Stores.open(disk)) {
                                assertNotNull(fs.root().lookup("again"));
                            }
                        }));
    }

    @Test
    void damageInTheMiddleIsRefusedAndCanBeRepaired() throws Exception {
        journal()[ends.get(4) - 20] ^= 1;
        var disk = new RecordingDisk(files);
        var message = Backends.refused(() -> Stores.open(disk));
        assertTrue(
                message.contains("damaged at byte") && message.contains("podium fs check"),
                message);
        var lines = new ArrayList<String>();
        assertEquals(1, Check.check(disk, lines::add), lines::toString);
        assertEquals(files.keySet(), disk.files().keySet());
        assertEquals(1, Check.repair(disk, lines::add), lines::toString);
        assertArrayEquals(journal(), disk.files().get("damaged-" + journal(files)));
        assertEquals(0, Check.check(disk, lines::add), lines::toString);
        try (var fs = Stores.open(disk)) {
            assertTrue(trees.contains(Trees.text(fs)));
            assertNotNull(fs.root().lookup("f1"));
            assertNull(fs.root().lookup("f5"));
        }
        assertEquals(0, disk.opened);
    }

    @Test
    void aDamagedPageIsAnErrorAndCanBeCutOut() throws Exception {
        var name = "data-00000001";
        var bytes = files.get(name);
        assertNotNull(bytes);
        // f0 is empty, f1 has 3000 bytes, f2 the next 6000.
        bytes[3000 + 5000] ^= 1;
        var disk = new RecordingDisk(files);
        var good = Backends.random(6000, 2);
        try (var fs = Stores.open(disk)) {
            var file = Backends.file(fs, "f2");
            var told =
                    Backends.logged(() -> Backends.fails(Errno.EIO, () -> Backends.content(file)));
            assertEquals(1, told.lines().count(), told);
            // Once is enough.
            told = Backends.logged(() -> Backends.fails(Errno.EIO, () -> Backends.content(file)));
            assertEquals("", told);
            var first = java.nio.ByteBuffer.allocate(4096);
            assertEquals(4096, file.read(first, 0));
            assertArrayEquals(java.util.Arrays.copyOf(good, 4096), first.array());
            Backends.content(Backends.file(fs, "f3"));
        }
        var lines = new ArrayList<String>();
        assertEquals(1, Check.check(disk, lines::add), lines::toString);
        assertTrue(lines.getFirst().startsWith("/f2: bytes 4096 to 5999"), lines::toString);
        assertEquals(1, Check.repair(disk, lines::add), lines::toString);
        assertEquals(0, Check.check(disk, lines::add), lines::toString);
        assertEquals(
                1904,
                disk.files().entrySet().stream()
                        .filter(file -> file.getKey().startsWith("damaged-inode"))
                        .mapToInt(file -> file.getValue().length)
                        .sum());
        try (var fs = Stores.open(disk)) {
            var content = Backends.content(Backends.file(fs, "f2"));
            java.util.Arrays.fill(good, 4096, 6000, (byte) 0);
            assertArrayEquals(good, content);
        }
    }

    @Test
    void aCheckNamesTheFile(@TempDir Path directory) throws Exception {
        try (var fs = Stores.mount(directory)) {
            var below = fs.root().createDirectory("d", 0755, 0, 0);
            below.create("f", 0644, 0, 0).write(java.nio.ByteBuffer.wrap(new byte[100]), 0);
            Backends.file(fs, "good", Backends.random(100, 1));
        }
        var data = directory.resolve("data-00000001");
        var bytes = Files.readAllBytes(data);
        bytes[0] = 1;
        Files.write(data, bytes);
        var type = new StoreFileSystemType();
        var spec = Stores.spec(directory);
        var said = new ArrayList<String>();
        assertEquals(4, type.check(spec, false, said::add).status());
        assertTrue(said.getFirst().startsWith("/d/f: bytes 0 to 99 are damaged"), said::toString);
        assertEquals(1, type.check(spec, true, said::add).status());
        assertEquals(0, type.check(spec, false, said::add).status());
        try (var fs = Stores.mount(directory)) {
            assertArrayEquals(Backends.random(100, 1), Backends.content(Backends.file(fs, "good")));
        }
    }

    @Test
    void missingFilesAreRefused() throws IOException {
        var without = new TreeMap<>(files);
        without.remove("data-00000001");
        assertTrue(
                Backends.refused(() -> Stores.open(new RecordingDisk(without)))
                        .contains("data-00000001 is missing"));
        var alone = new TreeMap<>(files);
        alone.remove(journal(files));
        assertTrue(
                Backends.refused(() -> Stores.open(new RecordingDisk(alone)))
                        .contains("journal is missing"));
        var lines = new ArrayList<String>();
        var disk = new RecordingDisk(without);
        assertTrue(Check.repair(disk, lines::add) > 0);
        Stores.open(disk).close();
    }

    @Test
    void otherVersionsAreRefused() {
        var header = new JournalHeader(1, 1).encode().array();
        header[8] = 2;
        var crc = new java.util.zip.CRC32C();
        crc.update(header, 0, 28);
        for (int i = 0; i < 4; i++) header[28 + i] = (byte) (crc.getValue() >> 8 * i);
        System.arraycopy(header, 0, journal(), 0, 256);
        var message = Backends.refused(() -> Stores.open(new RecordingDisk(files)));
        assertTrue(message.contains("format is version 2"), message);
    }

    /// Whatever bit is wrong: the store is refused, or it is at an earlier commit, or reading what
    /// is damaged is an error. Nothing is read that was never written.
    @Test
    void noFlippedBitGoesUnnoticed() throws Exception {
        long seed = Long.getLong("podium.store.seed", System.nanoTime());
        var random = new Random(seed);
        int[] outcomes = new int[3];
        Backends.logged(
                () -> {
                    for (int i = 0; i < 3000; i++) outcomes[flipped(random, seed)]++;
                });
        for (int outcome : outcomes) assertTrue(outcome > 10, java.util.Arrays.toString(outcomes));
    }

    private int flipped(Random random, long seed) throws IOException {
        var copy = new TreeMap<String, byte[]>();
        files.forEach((name, bytes) -> copy.put(name, bytes.clone()));
        var names = new ArrayList<>(copy.keySet());
        // Half of them in the journal's used part.
        boolean journal = random.nextBoolean();
        var name = journal ? journal(copy) : names.get(random.nextInt(names.size()));
        var bytes = copy.get(name);
        assertNotNull(bytes);
        int at = random.nextInt(journal ? ends.getLast() : bytes.length);
        bytes[at] = (byte) (bytes[at] ^ 1 << random.nextInt(8));
        var what = "%s byte %d, seed %d".formatted(name, at, seed);
        var disk = new RecordingDisk(copy);
        int outcome = tree(disk, what);
        var lines = new ArrayList<String>();
        try {
            int problems = Check.repair(disk, lines::add);
            assertTrue(outcome == 0 || problems > 0, what + lines);
        } catch (IOException e) {
            assertEquals(2, outcome, what);
            return outcome;
        }
        assertEquals(0, Check.check(disk, lines::add), what + lines);
        return outcome;
    }

    /// @return 0: it is one of the trees; 1: something cannot be read; 2: it was refused
    private int tree(RecordingDisk disk, String what) throws IOException {
        try (var fs = Stores.open(new RecordingDisk(disk.files()))) {
            try {
                assertTrue(trees.contains(Trees.text(fs)), what);
                return 0;
            } catch (ErrnoException e) {
                assertEquals(Errno.EIO, e.errno(), what);
            }
            for (int i = 0; i < 6; i++)
                try {
                    var content = Backends.content(Backends.file(fs, "f" + i));
                    assertArrayEquals(Backends.random(3000 * i, i), content, what);
                } catch (ErrnoException e) {
                    assertEquals(Errno.EIO, e.errno(), what);
                }
            return 1;
        } catch (DamageException e) {
            assertTrue(e.getMessage().contains("podium fs check"), e.getMessage());
            return 2;
        }
    }
}
