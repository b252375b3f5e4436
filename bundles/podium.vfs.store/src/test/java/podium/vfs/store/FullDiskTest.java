package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// A disk that is full, by what the store wrote or by what others did.
class FullDiskTest {

    @TempDir Path directory;

    @Test
    void whatFitsStaysAndTheRestIsRefused() throws Exception {
        var disk = new RecordingDisk();
        disk.capacity = 6 << 20;
        try (var fs = Stores.open(disk)) {
            fill(fs);
        }
        assertEquals(0, disk.opened);
    }

    /// The host's own answer, on a file system of its own.
    @Test
    void aDiskOfTheHostsThatIsFull() throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=8m", "none", directory.toString()),
                "only the superuser can make a small disk");
        try (var fs = Stores.mount(directory.resolve("store"))) {
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

    private static void fill(FileSystem fs) {
        int synced = 0;
        try {
            for (int i = 0; ; i++) {
                var file = Stores.file(fs, "f" + i, Stores.random(100_000, i));
                assertEquals(100_000, file.attributes().size());
                file.sync(false);
                synced++;
            }
        } catch (ErrnoException e) {
            assertEquals(Errno.ENOSPC, e.errno());
        }
        assertTrue(synced > 20, "synced: " + synced);
        check(fs, synced);
        Stores.fails(Errno.ENOSPC, () -> fill(Stores.file(fs, "f0")));
        check(fs, synced);
        // Space can be had again, to the last byte that was given back.
        for (int i = 1; i < synced; i++) fs.root().unlink("f" + i);
        fs.sync();
        Stores.file(fs, "again", Stores.random(500_000, 7)).sync(false);
        assertArrayEquals(Stores.random(500_000, 7), Stores.content(Stores.file(fs, "again")));
    }

    /// Until nothing more is taken, a page at a time so that it waits in memory.
    private static void fill(Node.Regular file) {
        for (int i = 0; ; i++) file.write(ByteBuffer.allocate(4000), 1_000_000L + 8192L * i);
    }

    private static void check(FileSystem fs, int synced) {
        for (int i = 0; i < synced; i++) {
            var bytes = ByteBuffer.allocate(100_000);
            Stores.file(fs, "f" + i).read(bytes, 0);
            assertArrayEquals(Stores.random(100_000, i), bytes.array(), "f" + i);
        }
    }

    /// Others use the disk up, or give it back, at any moment: what was synced is there, whatever
    /// was refused in between.
    @Test
    void othersUseItUp() throws Exception {
        long seed = Long.getLong("podium.store.seed", System.nanoTime());
        var random = new Random(seed);
        var disk = new RecordingDisk();
        var known = new ArrayList<byte[]>();
        int refused = 0;
        try (var fs = Stores.open(disk)) {
            for (int i = 0; i < 400; i++) {
                disk.capacity = disk.usable() == 0 || random.nextInt(3) > 0 ? 1L << 30 : used(disk);
                var content = Stores.random(random.nextInt(100_000), i);
                try {
                    var file = Stores.file(fs, "f" + i, content);
                    if (file.attributes().size() < content.length) throw Errno.ENOSPC.exception();
                    file.sync(false);
                    known.add(content);
                } catch (ErrnoException e) {
                    assertEquals(Errno.ENOSPC, e.errno());
                    refused++;
                    known.add(new byte[0]);
                }
            }
            disk.capacity = Long.MAX_VALUE;
        }
        assertTrue(refused > 20, "refused: " + refused);
        var problems = new ArrayList<String>();
        assertEquals(0, Check.check(disk, problems::add), problems::toString);
        try (var fs = Stores.open(disk)) {
            for (int i = 0; i < known.size(); i++)
                if (known.get(i).length > 0)
                    assertArrayEquals(
                            known.get(i),
                            Stores.content(Stores.file(fs, "f" + i)),
                            "f%d, seed %d".formatted(i, seed));
        }
    }

    private static long used(RecordingDisk disk) {
        long sum = 0;
        for (var bytes : disk.files().values()) sum += bytes.length;
        return sum + 5000;
    }
}
