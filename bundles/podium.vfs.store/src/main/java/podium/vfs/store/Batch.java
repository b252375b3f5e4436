package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import podium.vfs.store.DirtyPages.Page;

/// Content on its way from memory to the disk: pages of any files, one behind the other, in few
/// writes, since a write of each page costs the host several times as much. In the end the files
/// are told where their pages are. Guarded by the store's gate, held alone.
final class Batch {

    private static final int PAGE = Extent.PAGE;

    private final Segments segments;
    private final CRC32C crc = new CRC32C();
    private @Nullable ByteBuffer buffer;

    /// What the last segment has room for.
    private int room;

    /// Runs of pages, and whose they are. Of those that are not written yet the places are in the
    /// buffer.
    private final List<Extent> extents = new ArrayList<>();

    private final List<StoreRegular> files = new ArrayList<>();
    private int written;

    /// The run that grows: its file, its first page, how many there are, where it begins.
    private @Nullable StoreRegular file;

    private long first;
    private int count;
    private int start;
    private final int[] checksums = new int[Segments.RUN];

    Batch(Segments segments) {
        this.segments = segments;
    }

    /// Takes a page, which stays in memory until its file is told.
    ///
    /// @param length of what counts of it
    void add(StoreRegular of, Page page, int length) throws IOException {
        var bytes = buffer();
        if (bytes.position() + length > room) write();
        boolean goes = of == file && page.number == first + count;
        if (!goes || bytes.position() - start != count * PAGE) {
            endRun();
            file = of;
            first = page.number;
            start = bytes.position();
        }
        bytes.put(page.bytes, 0, length);
        crc.reset();
        crc.update(page.bytes, 0, length);
        checksums[count++] = (int) crc.getValue();
    }

    private ByteBuffer buffer() {
        var known = buffer;
        if (known == null) buffer = known = ByteBuffer.allocateDirect(Segments.RUN * PAGE);
        return known;
    }

    private void endRun() {
        if (file == null) return;
        int bytes = buffer().position() - start;
        var sums = Arrays.copyOf(checksums, count);
        extents.add(new Extent(first, count, Extent.RESERVED, start, bytes, sums));
        files.add(file);
        file = null;
        count = 0;
    }

    /// Writes what there is.
    void write() throws IOException {
        endRun();
        if (written < extents.size()) {
            var place = segments.append(buffer().flip());
            for (; written < extents.size(); written++) {
                var extent = extents.get(written);
                extents.set(written, extent.at(place.segment(), place.offset() + extent.offset()));
            }
            buffer().clear();
        }
        room = segments.room();
    }

    /// Tells files what was written, and forgets what was not.
    void end() {
        try {
            for (int at = 0; at < written; ) at = tell(at);
        } finally {
            extents.clear();
            files.clear();
            if (buffer != null) buffer.clear();
            room = written = count = 0;
            file = null;
        }
    }

    /// Tells a file.
    ///
    /// @param from its first run
    /// @return behind its last one
    private int tell(int from) {
        var owner = files.get(from);
        int to = from;
        while (to < written && files.get(to) == owner) to++;
        synchronized (owner) {
            owner.content.written(extents.subList(from, to));
        }
        return to;
    }
}
