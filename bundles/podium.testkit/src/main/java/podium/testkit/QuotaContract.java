package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static podium.testkit.Backends.fails;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Node;

/// What a mount's `quota` and `quota.inodes` count, and that `EDQUOT` comes before anything is
/// done. A test is a subclass with [#create].
public abstract class QuotaContract {

    /// No backend keeps less of a file together.
    private static final int PAGE = 32 << 10;

    /// FALLOC_FL_KEEP_SIZE, with FALLOC_FL_PUNCH_HOLE.
    private static final int PUNCH = 3;

    /// Makes an empty tree.
    ///
    /// @param bytes the option `quota`
    /// @param inodes the option `quota.inodes`
    protected abstract FileSystem create(String bytes, String inodes) throws Exception;

    private static Node.Regular file(FileSystem fs, String name) {
        return fs.root().create(name, 0644, 0, 0);
    }

    private static ByteBuffer pages(int count) {
        return ByteBuffer.allocate(count * PAGE);
    }

    /// Pages that are free, by statfs(2), and by writing until there are no more.
    private static void checkFree(FileSystem fs, int pages) {
        var statistics = fs.statistics();
        assertEquals(pages * PAGE, statistics.free() * statistics.blockSize());
        var file = file(fs, "probe");
        if (pages > 0) assertEquals(pages * PAGE, file.write(pages(pages + 3), 0));
        fails(Errno.EDQUOT, () -> file.write(pages(1), pages * (long) PAGE));
        fs.root().unlink("probe");
    }

    @Test
    void contentEndsAtTheQuota() throws Exception {
        try (var fs = create("320k", "100")) {
            checkFree(fs, 10);
            var file = file(fs, "f");
            assertEquals(10 * PAGE, file.write(pages(13), 0));
            assertEquals(10 * PAGE, file.attributes().size());
            fails(Errno.EDQUOT, () -> file.append(pages(1)));
            assertEquals(10 * PAGE, file.attributes().size());
            // What is there can be written again.
            assertEquals(3 * PAGE, file.write(pages(3), 2 * PAGE));
            assertEquals(0, fs.statistics().free());
            file.truncate(9 * PAGE);
            assertEquals(PAGE, file.write(pages(2), 9 * PAGE));
            checkFree(fs, 0);
        }
    }

    @Test
    void holesTakeNothing() throws Exception {
        try (var fs = create("320k", "100")) {
            var file = file(fs, "f");
            file.truncate(1L << 30);
            checkFree(fs, 10);
            assertEquals(PAGE, file.write(pages(1), 1L << 29));
            assertEquals(PAGE, file.write(pages(1), 0));
            checkFree(fs, 8);
            file.allocate(PUNCH, 0, PAGE);
            checkFree(fs, 9);
            assertEquals(9 * PAGE, file.write(pages(10), 0));
            checkFree(fs, 0);
            file.truncate(0);
            checkFree(fs, 10);
        }
    }

    @Test
    void whatIsPromisedIsTaken() throws Exception {
        try (var fs = create("320k", "100")) {
            var file = file(fs, "f");
            fails(Errno.EDQUOT, () -> file.allocate(0, 0, 11 * PAGE));
            checkFree(fs, 10);
            file.allocate(0, 0, 10 * PAGE);
            checkFree(fs, 0);
            assertEquals(10 * PAGE, file.write(pages(10), 0));
            checkFree(fs, 0);
        }
    }

    @Test
    void aFileIsFreedWithItsLastNameAndUse() throws Exception {
        try (var fs = create("320k", "100")) {
            var file = file(fs, "f");
            file.opened();
            file.write(pages(4), 0);
            fs.root().link("g", file);
            fs.root().unlink("f");
            checkFree(fs, 6);
            fs.root().unlink("g");
            checkFree(fs, 6);
            assertEquals(PAGE, file.write(pages(1), 4 * PAGE));
            checkFree(fs, 5);
            file.released();
            checkFree(fs, 10);
            var unnamed = fs.root().createUnnamed(0600, 0, 0);
            unnamed.opened();
            unnamed.write(pages(2), 0);
            checkFree(fs, 8);
            unnamed.released();
            checkFree(fs, 10);
        }
    }

    @Test
    void whatIsReplacedIsFreed() throws Exception {
        try (var fs = create("320k", "100")) {
            file(fs, "f").write(pages(4), 0);
            file(fs, "g").write(pages(3), 0);
            fs.root().rename("f", fs.root(), "g", true);
            checkFree(fs, 3);
            fs.root().rename("f", fs.root(), "g", false);
            checkFree(fs, 7);
        }
    }

    @Test
    void inodesAreCounted() throws Exception {
        try (var fs = create("320k", "6")) {
            var root = fs.root();
            // Not all count the root.
            if (fs.statistics().freeFiles() == 6) file(fs, "filler");
            assertEquals(5, fs.statistics().freeFiles());
            file(fs, "f");
            root.createDirectory("d", 0755, 0, 0);
            root.createLink("l", "target", 0, 0);
            root.createSpecial("s", Mode.FIFO | 0600, 0, 0, 0);
            var unnamed = root.createUnnamed(0600, 0, 0);
            unnamed.opened();
            assertEquals(0, fs.statistics().freeFiles());
            fails(Errno.EDQUOT, () -> file(fs, "g"));
            fails(Errno.EDQUOT, () -> root.createDirectory("g", 0755, 0, 0));
            fails(Errno.EDQUOT, () -> root.createLink("g", "target", 0, 0));
            fails(Errno.EDQUOT, () -> root.createSpecial("g", Mode.FIFO | 0600, 0, 0, 0));
            fails(Errno.EDQUOT, () -> root.createUnnamed(0600, 0, 0));
            assertNull(root.lookup("g"));
            unnamed.released();
            root.link("hard", root.create("f2", 0600, 0, 0));
            assertEquals(0, fs.statistics().freeFiles());
            root.unlink("hard");
            assertEquals(0, fs.statistics().freeFiles());
            root.unlink("f2");
            root.removeDirectory("d");
            root.unlink("l");
            root.unlink("s");
            root.unlink("f");
            assertEquals(5, fs.statistics().freeFiles());
        }
    }
}
