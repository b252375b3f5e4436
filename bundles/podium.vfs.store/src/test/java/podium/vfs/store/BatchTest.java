package podium.vfs.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.testkit.Backends;
import podium.vfs.Node;

/// What waits in memory goes to the disk together.
class BatchTest {

    private static final int PAGE = Extent.PAGE;
    private static final int PAGES = 600;

    /// Nothing is written unasked, to segments of a megabyte.
    private static final Limits WIDE = new Limits(1 << 20, 4096, 1 << 20, 1 << 20, 4 << 10, 0);

    private final RecordingDisk disk = new RecordingDisk();

    private StoreFileSystem open() throws IOException {
        return StoreFileSystem.open(disk, WIDE, Stores.OPTIONS, false);
    }

    @Test
    void pagesOfAnyFilesAreWrittenTogether() throws Exception {
        var content = Backends.random(PAGES * PAGE, 1);
        var small = Backends.random(700, 2);
        try (var fs = open()) {
            var file = Backends.file(fs, "f", content);
            fs.sync();
            int before = writes();
            scatter(file, content);
            for (int i = 0; i < 100; i++) Backends.file(fs, "small" + i, small);
            fs.sync();
            // At most a megabyte each, which a segment's end may cut, and the journal's.
            assertTrue(writes() - before <= 8, "writes: " + (writes() - before));
        }
        try (var fs = open()) {
            assertArrayEquals(content, Backends.content(Backends.file(fs, "f")));
            for (int i = 0; i < 100; i++)
                assertArrayEquals(small, Backends.content(Backends.file(fs, "small" + i)));
        }
    }

    /// Every other page, in no order.
    private static void scatter(Node.Regular file, byte[] content) {
        for (int i = 0; i < PAGES; i += 2) {
            int at = i * 7 % PAGES * PAGE;
            System.arraycopy(Backends.random(PAGE, i), 0, content, at, PAGE);
            file.write(ByteBuffer.wrap(content, at, PAGE), at);
        }
    }

    /// The disk is full in the middle of it: what was written is where it is, and all else waits.
    @Test
    void aPartOfThemIsWritten() throws Exception {
        var content = Backends.random(PAGES * PAGE, 4);
        try (var fs = open()) {
            var file = Backends.file(fs, "f", new byte[0]);
            for (int page = 0; page < PAGES; page++)
                file.write(ByteBuffer.wrap(content, page * PAGE, PAGE), (long) page * PAGE);
            disk.capacity = used() + (3 << 19);
            Backends.fails(Errno.ENOSPC, fs::sync);
            assertTrue(used() > 1 << 20);
            assertArrayEquals(content, Backends.content(file));
            disk.capacity = Long.MAX_VALUE;
            fs.sync();
            assertArrayEquals(content, Backends.content(file));
        }
        var problems = new ArrayList<String>();
        assertEquals(0, Check.check(disk, problems::add), problems::toString);
        try (var fs = open()) {
            assertArrayEquals(content, Backends.content(Backends.file(fs, "f")));
        }
    }

    private int writes() {
        return (int)
                disk.steps.stream()
                        .filter(step -> step instanceof RecordingDisk.Step.Write)
                        .count();
    }

    private long used() {
        long used = 0;
        for (var bytes : disk.files().values()) used += bytes.length;
        return used;
    }
}
