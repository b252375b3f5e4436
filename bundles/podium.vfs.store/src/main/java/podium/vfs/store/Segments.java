package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The content of all files. Its monitor guards the table of segments and the end of the last one;
/// reading holds it only to find the file.
final class Segments implements AutoCloseable {

    private static final int PAGE = Extent.PAGE;

    /// The most pages that are written at once.
    static final int RUN = 256;

    private static final int MOST_OPEN = 64;

    /// They take a quarter of the heap at most, at some 80 bytes each.
    private static final long MOST_EXTENTS = Runtime.getRuntime().maxMemory() / 4 / 80;

    private static final ThreadLocal<ByteBuffer> SCRATCH =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(PAGE));

    private final Disk disk;
    private final int limit;
    private final Map<Integer, Segment> table = new HashMap<>();
    private @Nullable ByteBuffer staging;
    private @Nullable Segment last;
    private int greatest;
    private long wasted;
    private int open;
    private volatile long extents;
    private boolean closed;

    Segments(Disk disk, int limit) {
        this.disk = disk;
        this.limit = limit;
    }

    /// So many extents more, or less, are in memory.
    synchronized void count(int by) {
        extents += by;
    }

    /// A file, or a snapshot of it, refers to an extent, or no longer any does.
    ///
    /// @param by 1 or -1
    synchronized void use(Extent extent, int by) {
        if (extent.isReserved()) return;
        segment(extent.segment()).used += (long) by * extent.bytes();
        wasted -= (long) by * extent.bytes();
    }

    private Segment segment(int number) {
        greatest = Math.max(greatest, number);
        return table.computeIfAbsent(number, Segment::new);
    }

    /// Whether there are so many extents that memory could get short: a guest can make one with
    /// each call.
    boolean isCrowded() {
        return extents > MOST_EXTENTS;
    }

    /// Takes note of the files that are there, before the first use. The last one is written on.
    void found(List<String> names) throws IOException {
        for (var name : names) {
            int number = Segment.number(name);
            if (number <= 0) continue;
            try (var file = disk.open(name)) {
                found(number, file.size());
            }
        }
    }

    private synchronized void found(int number, long size) {
        var segment = segment(number);
        segment.size = size;
        wasted += size;
        segment.there = true;
        if (number == greatest && size < limit) last = segment;
    }

    /// Why an extent cannot be read, or null.
    synchronized @Nullable String missing(Extent extent) {
        if (extent.isReserved()) return null;
        var segment = segment(extent.segment());
        if (!segment.there) return segment.name() + " is missing";
        boolean inside = (long) extent.offset() + extent.bytes() <= segment.size;
        return inside ? null : segment.name() + " is too short";
    }

    /// Reads a part of an extent into a buffer.
    ///
    /// @param at byte in the file, in the extent
    /// @param count bytes, all of them in the extent; the buffer has room for them
    /// @throws DamageException a checksum is wrong
    void read(Extent extent, long at, ByteBuffer into, int count) throws IOException {
        DiskFile file;
        try {
            file = enter(extent.segment());
        } catch (IOException e) {
            throw new DamageException("segment %08x: %s".formatted(extent.segment(), e));
        }
        try {
            while (count > 0) {
                long page = at >>> Extent.PAGE_BITS;
                int skip = (int) (at & (PAGE - 1));
                int whole = skip == 0 ? whole(extent, page, count) : 0;
                int done =
                        whole > 0
                                ? readWhole(file, extent, page, whole, into)
                                : readPart(file, extent, page, skip, into, count);
                at += done;
                count -= done;
            }
        } catch (DamageException e) {
            throw e;
        } catch (IOException e) {
            throw new DamageException("segment %08x: %s".formatted(extent.segment(), e));
        } finally {
            leave(extent.segment());
        }
    }

    /// Reads what is there of a part of a segment, right or not.
    void readUnchecked(Extent extent, ByteBuffer into) throws IOException {
        if (missing(extent) != null) return;
        var file = enter(extent.segment());
        try {
            file.read(into, extent.offset());
        } finally {
            leave(extent.segment());
        }
    }

    /// How many pages are wanted, and there, from end to end.
    private static int whole(Extent extent, long page, int count) {
        int pages = Math.min(count / PAGE, (int) (extent.end() - page));
        boolean last = page + pages == extent.end();
        return last && pages > 0 && extent.length(extent.end() - 1) < PAGE ? pages - 1 : pages;
    }

    /// Straight into the reader's buffer. A guest may change that while its checksum is taken: then
    /// a copy of our own decides.
    private int readWhole(DiskFile file, Extent extent, long page, int pages, ByteBuffer into)
            throws IOException {
        int start = into.position();
        var target = into.slice(start, pages * PAGE);
        file.read(target, extent.offset(page));
        into.position(start + pages * PAGE);
        for (int i = 0; i < pages; i++) {
            if (checksum(target.slice(i * PAGE, PAGE)) == extent.checksum(page + i)) continue;
            var copy = scratch(file, extent, page + i);
            into.put(start + i * PAGE, copy, 0, PAGE);
        }
        return pages * PAGE;
    }

    private int readPart(
            DiskFile file, Extent extent, long page, int skip, ByteBuffer into, int count)
            throws IOException {
        var copy = scratch(file, extent, page);
        int done = Math.min(count, PAGE - skip);
        int there = Math.clamp(copy.limit() - (long) skip, 0, done);
        if (there > 0) into.put(into.position(), copy, skip, there);
        into.position(into.position() + there);
        for (int i = there; i < done; i++) into.put((byte) 0);
        return done;
    }

    private ByteBuffer scratch(DiskFile file, Extent extent, long page) throws IOException {
        var copy = SCRATCH.get().clear().limit(extent.length(page));
        file.read(copy, extent.offset(page));
        copy.flip();
        if (checksum(copy.duplicate()) == extent.checksum(page)) return copy;
        throw new DamageException(
                "segment %08x, offset %d: the checksum of a page is wrong"
                        .formatted(extent.segment(), extent.offset(page)));
    }

    private static int checksum(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private synchronized DiskFile enter(int number) throws IOException {
        return enter(segment(number));
    }

    private DiskFile enter(Segment segment) throws IOException {
        if (closed) throw new IOException("the store is closed");
        if (!segment.isOpen()) {
            if (open >= MOST_OPEN) closeIdle();
            open++;
        }
        boolean entered = false;
        try {
            var file = segment.enter(disk);
            entered = true;
            return file;
        } finally {
            if (!entered) open--;
        }
    }

    private void closeIdle() throws IOException {
        for (var segment : table.values())
            if (segment.isOpen() && !segment.isInUse() && segment != last) close(segment);
    }

    private void close(Segment segment) throws IOException {
        if (segment.isOpen()) open--;
        segment.close();
    }

    private synchronized void leave(int number) {
        segment(number).leave();
    }

    /// Writes pages behind everything else.
    ///
    /// @param page the first one's number in its file
    /// @param from begins with them, all whole but the last one
    /// @param bytes of them, at most [#RUN] pages
    synchronized Extent append(long page, ByteBuffer from, int bytes) throws IOException {
        // A copy first: a guest may change its memory while the checksum is taken.
        if (staging == null) staging = ByteBuffer.allocateDirect(RUN * PAGE);
        var copy = staging.clear().limit(bytes);
        copy.put(0, from, from.position(), bytes);
        int count = (bytes + PAGE - 1) / PAGE;
        var checksums = new int[count];
        for (int i = 0; i < count; i++)
            checksums[i] = checksum(copy.slice(i * PAGE, Math.min(PAGE, bytes - i * PAGE)));
        var place = append(copy);
        return new Extent(page, count, place.segment, place.offset, bytes, checksums);
    }

    /// Where something was written.
    record Place(int segment, int offset) {}

    /// Writes the rest of a buffer behind everything else.
    synchronized Place append(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        var segment = writable(length);
        int offset = (int) segment.size;
        var file = enter(segment);
        try {
            segment.written = true;
            file.write(bytes, offset);
        } finally {
            segment.leave();
        }
        segment.size += length;
        wasted += length;
        return new Place(segment.number, offset);
    }

    /// How many bytes, of at most [#RUN] pages, fit behind everything else before another segment
    /// begins; one page at least.
    synchronized int room() {
        long left = last == null ? 0 : limit - last.size;
        return (int) Math.min(left < PAGE ? Math.max(limit, PAGE) : left, RUN * PAGE);
    }

    private Segment writable(int bytes) throws IOException {
        var now = last;
        if (now != null && now.size + bytes <= limit) return now;
        var next = new Segment(greatest + 1);
        next.made(disk.create(next.name()));
        open++;
        table.put(next.number, next);
        greatest = next.number;
        return last = next;
    }

    /// What a commit has to make durable before it refers to it.
    synchronized List<Segment> unforced() {
        var list = new ArrayList<Segment>();
        for (var segment : table.values())
            if (segment.there && (segment.written || segment.fresh)) {
                list.add(segment);
                segment.written = false;
            }
        return list;
    }

    /// They still have to be forced.
    synchronized void again(List<Segment> segments) {
        for (var segment : segments) segment.written = true;
    }

    /// Makes segments, as they were when [#unforced] gave them, durable.
    void force(List<Segment> segments) throws IOException {
        boolean names = false;
        for (var segment : segments) {
            names |= segment.fresh;
            var file = enter(segment.number);
            try {
                file.force();
            } finally {
                leave(segment.number);
            }
        }
        if (!names) return;
        disk.force();
        synchronized (this) {
            for (var segment : segments) segment.fresh = false;
        }
    }

    /// What nothing refers to any more, and nothing is written to.
    synchronized List<Segment> unused() {
        var list = new ArrayList<Segment>();
        for (var segment : table.values())
            if (segment.there && segment.used == 0 && segment != last) list.add(segment);
        return list;
    }

    /// Removes segments that no durable state refers to.
    void delete(List<Segment> segments) throws IOException {
        for (var segment : segments) {
            synchronized (this) {
                close(segment);
                table.remove(segment.number);
                wasted -= segment.size;
            }
            disk.delete(segment.name());
        }
    }

    /// Bytes that nothing refers to, in all but the last segment, and bytes that are in use.
    synchronized long[] balance() {
        long wasted = 0;
        long used = 0;
        for (var segment : table.values()) {
            used += segment.used;
            if (segment != last) wasted += segment.size - segment.used;
        }
        return new long[] {wasted, used};
    }

    /// Bytes that nothing refers to.
    synchronized long wasted() {
        return wasted;
    }

    /// Nothing more is written to the last segment, if anything of it is wasted.
    synchronized void seal() {
        if (last != null && last.used < last.size) last = null;
    }

    /// The segment, not the last one, of which the least is in use for its size, or -1.
    synchronized int emptiest(java.util.Set<Integer> except) {
        Segment found = null;
        for (var segment : table.values()) {
            if (segment == last || segment.used == segment.size) continue;
            if (except.contains(segment.number)) continue;
            if (found == null || segment.used * found.size < found.used * segment.size)
                found = segment;
        }
        return found == null ? -1 : found.number;
    }

    /// Names of the segments something refers to.
    synchronized java.util.Set<String> names() {
        var names = new java.util.HashSet<String>();
        for (var segment : table.values()) if (segment.used > 0) names.add(segment.name());
        return names;
    }

    synchronized int open() {
        return open;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (var segment : table.values()) close(segment);
    }
}
