package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.Backends;
import podium.testkit.DurableFileSystemContract;

/// A disk that is full, by what the store wrote or by what others did.
class FullDiskTest {

    @Test
    void whatFitsStaysAndTheRestIsRefused() throws Exception {
        var disk = new RecordingDisk();
        disk.capacity = 6 << 20;
        try (var fs = Stores.open(disk)) {
            DurableFileSystemContract.fill(fs);
        }
        assertEquals(0, disk.opened);
    }

    /// The host's user has a quota: that is EDQUOT, not a full disk, and passes as well.
    @Test
    void aQuotaOfTheHosts(@TempDir Path directory) throws Exception {
        var said = new IOException("Disk quota exceeded");
        var host = Files.getFileStore(directory);
        var disk = new RecordingDisk();
        try (var fs = Stores.open(disk)) {
            var file = Backends.file(fs, "f", Backends.random(10_000, 1));
            disk.failure = HostDiskFile.known(said, host, 1);
            Backends.fails(Errno.EDQUOT, () -> file.sync(false));
            Backends.fails(Errno.EDQUOT, fs::sync);
            disk.failure = HostDiskFile.known(new IOException("No space left"), host, 1);
            Backends.fails(Errno.ENOSPC, fs::sync);
            disk.failure = null;
            file.sync(false);
            assertArrayEquals(Backends.random(10_000, 1), Backends.content(file));
        }
        try (var fs = Stores.open(disk)) {
            assertEquals(10_000, Backends.file(fs, "f").attributes().size());
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
                var content = Backends.random(random.nextInt(100_000), i);
                try {
                    var file = Backends.file(fs, "f" + i, content);
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
                            Backends.content(Backends.file(fs, "f" + i)),
                            "f%d, seed %d".formatted(i, seed));
        }
    }

    private static long used(RecordingDisk disk) {
        long sum = 0;
        for (var bytes : disk.files().values()) sum += bytes.length;
        return sum + 5000;
    }
}
