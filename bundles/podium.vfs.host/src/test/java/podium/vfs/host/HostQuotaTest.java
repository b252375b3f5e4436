package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.testkit.QuotaContract;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.Node;

class HostQuotaTest extends QuotaContract {

    @TempDir Path folder;

    @Override
    protected FileSystem create(String bytes, String inodes) throws MountException {
        var spec = HostDirectories.spec(folder);
        return new HostFileSystemType()
                .create(spec.withOption("quota", bytes).withOption("quota.inodes", inodes));
    }

    @Test
    void whatIsThereIsCounted() throws Exception {
        Files.createDirectories(folder.resolve("d/e"));
        Files.write(folder.resolve("d/e/f"), new byte[10_000]);
        Files.createLink(folder.resolve("hard"), folder.resolve("d/e/f"));
        Files.createSymbolicLink(folder.resolve("l"), Path.of("/etc"));
        try (var fs = create("40k", "8")) {
            assertEquals(7, fs.statistics().free());
            assertEquals(3, fs.statistics().freeFiles());
        }
        // More than may be used: nothing is lost, and nothing added.
        try (var fs = create("8k", "2")) {
            assertEquals(0, fs.statistics().free());
            var e = assertThrows(ErrnoException.class, () -> fs.root().create("g", 0644, 0, 0));
            assertEquals(Errno.EDQUOT, e.errno());
            var file = (Node.Regular) fs.root().lookup("hard");
            assertEquals(10_000, java.util.Objects.requireNonNull(file).attributes().size());
        }
    }

    /// Whatever is done, what is counted is what du(1) would: where the host keeps no blocks for
    /// itself
    /// in a file.
    @Test
    void nothingIsCountedWrongly() throws Exception {
        var memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory));
        folder = Files.createTempDirectory(memory, "podium");
        long seed = Long.getLong("podium.random.seed", System.nanoTime());
        var random = new Random(seed);
        try (var fs = create("1m", "100")) {
            for (int i = 0; i < 2000; i++) {
                try {
                    change(fs, random);
                } catch (ErrnoException e) {
                    // There is no such name, or already one, or no room.
                }
            }
            var counted = fs.statistics();
            try (var again = create("1m", "100")) {
                assertEquals(again.statistics(), counted, "podium.random.seed=" + seed);
            }
        } finally {
            HostDirectories.remove(folder);
        }
    }

    private static void change(FileSystem fs, Random random) {
        var name = "f" + random.nextInt(12);
        var other = "f" + random.nextInt(12);
        var root = fs.root();
        var found = root.lookup(name);
        int at = random.nextInt(100_000);
        int length = random.nextInt(50_000) + 1;
        switch (random.nextInt(8)) {
            case 0 -> root.create(name, 0644, 0, 0);
            case 1 -> root.unlink(name);
            case 2 -> root.rename(name, root, other, random.nextBoolean());
            case 3 -> root.createDirectory(name, 0755, 0, 0);
            case 4 -> root.removeDirectory(name);
            default -> {
                if (!(found instanceof Node.Regular file)) return;
                switch (random.nextInt(6)) {
                    case 0 -> file.truncate(at);
                    case 1 -> file.allocate(0, at, length);
                    case 2 -> file.allocate(3, at, length);
                    case 3 -> root.link(other, file);
                    case 4 -> file.append(ByteBuffer.allocate(length));
                    default -> file.write(ByteBuffer.allocate(length), at);
                }
            }
        }
    }
}
