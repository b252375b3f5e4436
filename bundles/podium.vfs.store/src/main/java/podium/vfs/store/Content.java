package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.vfs.store.DirtyPages.Page;

/// The content of one file: pages on the disk, and pages in memory that are not there yet, which
/// come first. Guarded by the file's monitor.
final class Content {

    private static final int PAGE = Extent.PAGE;
    private static final int BITS = Extent.PAGE_BITS;
    /// Behind the page of the greatest offset. Its own offset is beyond a long.
    private static final long END = (Long.MAX_VALUE >>> BITS) + 1;

    private static final byte[] ZEROS = new byte[PAGE];

    /// From so many whole pages on, they go to the disk without waiting in memory.
    private static final int DIRECT = 16;

    private final Store store;
    final long inode;
    final Extents extents;
    private @Nullable DirtyPages dirty;

    /// Pages held, on the disk, reserved, or in memory.
    private long pages;

    Content(Store store, long inode) {
        this(store, inode, new Extents());
    }

    private Content(Store store, long inode, Extents extents) {
        this.store = store;
        this.inode = inode;
        this.extents = extents;
    }

    /// A version of it for a snapshot. Nothing waits in memory.
    Content freeze() {
        var copy = new Content(store, inode, extents.freeze(store.segments));
        copy.pages = pages;
        return copy;
    }

    /// Becomes what it was in a snapshot.
    void thaw(Content frozen) {
        store.pages.give(forget(0, END));
        store.pages.give(extents.thaw(store.segments, frozen.extents));
        pages = frozen.pages;
    }

    long pages() {
        return pages;
    }

    boolean isDirty() {
        return dirty != null;
    }

    /// Fills the rest of a buffer from a position on.
    void read(ByteBuffer into, long position) throws IOException {
        while (into.hasRemaining()) {
            long page = position >>> BITS;
            int at = (int) (position & (PAGE - 1));
            var waiting = waiting(page);
            int count;
            if (waiting != null) {
                count = Math.min(into.remaining(), PAGE - at);
                into.put(waiting.bytes, at, count);
            } else {
                int index = extents.find(page);
                var extent = index < extents.size() ? extents.get(index) : null;
                boolean held = extent != null && extent.page() <= page;
                long end = extent == null ? END : extent.page();
                if (extent != null && held) end = extent.end();
                end = Math.min(end, page + into.remaining() / PAGE + 2);
                if (dirty != null) end = dirty.first(page + 1, end);
                count = (int) Math.min(into.remaining(), (end - page) * PAGE - at);
                if (extent != null && held && !extent.isReserved())
                    store.segments.read(extent, position, into, count);
                else zeros(into, count);
            }
            position += count;
        }
    }

    private @Nullable Page waiting(long page) {
        return dirty == null ? null : dirty.get(page);
    }

    private static void zeros(ByteBuffer into, int count) {
        for (int left = count; left > 0; ) {
            int step = Math.min(left, PAGE);
            into.put(ZEROS, 0, step);
            left -= step;
        }
    }

    /// Takes the rest of a buffer to a position, as far as there is room.
    ///
    /// @throws IOException nothing was taken
    void write(ByteBuffer from, long position) throws IOException {
        int start = from.position();
        try {
            while (from.hasRemaining()) {
                int count = writeSome(from, position);
                if (count == 0) break;
                position += count;
            }
        } catch (NoSpaceException e) {
            if (from.position() == start) throw e;
        }
    }

    private int writeSome(ByteBuffer from, long position) throws IOException {
        long page = position >>> BITS;
        int at = (int) (position & (PAGE - 1));
        int whole = at == 0 ? Math.min(from.remaining() / PAGE, Segments.RUN) : 0;
        if (whole >= DIRECT && direct(from, page, whole)) return whole * PAGE;
        int count = Math.min(from.remaining(), PAGE - at);
        var bytes = writable(page, count == PAGE);
        if (bytes == null) return 0;
        from.get(bytes, at, count);
        return count;
    }

    /// @return false when the quota has no room for all of it
    private boolean direct(ByteBuffer from, long page, int whole) throws IOException {
        long end = page + whole;
        long fresh = whole - held(page, end);
        long more = whole - extents.own(page, end) - counted(page, end);
        if (!store.pages.tryTake(more)) return false;
        boolean done = false;
        try {
            store.take((long) whole * PAGE);
            var extent = store.segments.append(page, from, whole * PAGE);
            forget(page, end);
            extents.put(store.segments, extent);
            store.records().extent(inode, extent);
            pages += fresh;
            done = true;
        } finally {
            if (!done) store.pages.give(more);
        }
        from.position(from.position() + whole * PAGE);
        return true;
    }

    /// A page in memory, to be changed.
    ///
    /// @param whole whether all of it will be
    /// @return null when the quota is used up
    private byte @Nullable [] writable(long page, boolean whole) throws IOException {
        var known = waiting(page);
        if (known != null) return known.bytes;
        var extent = extents.at(page);
        boolean counted = !isOwn(page, extent);
        if (counted && !store.pages.tryTake(1)) return null;
        return load(page, extent, whole, counted);
    }

    /// Whether a page is on the disk for this version alone.
    private boolean isOwn(long page, @Nullable Extent extent) {
        return extent != null && (!extents.isVersion() || extents.own(page, page + 1) > 0);
    }

    /// @param extent that has the page, if any
    /// @param counted whether the quota counts it already
    private byte[] load(long page, @Nullable Extent extent, boolean whole, boolean counted)
            throws IOException {
        var bytes = store.spare.take();
        boolean done = false;
        try {
            store.take(PAGE);
            if (!whole) fill(bytes, page, extent);
            done = true;
        } finally {
            if (!done && counted) store.pages.give(1);
        }
        if (extent == null) pages++;
        if (dirty == null) dirty = new DirtyPages();
        dirty.add(new Page(page, bytes, counted));
        store.dirtied(1);
        return bytes;
    }

    private void fill(byte[] bytes, long page, @Nullable Extent extent) throws IOException {
        int there = 0;
        if (extent != null && !extent.isReserved()) {
            there = extent.length(page);
            store.segments.read(extent, page << BITS, ByteBuffer.wrap(bytes), there);
        }
        Arrays.fill(bytes, there, PAGE, (byte) 0);
    }

    /// How many pages of a range the quota counts for what is in memory.
    private long counted(long from, long to) {
        long counted = 0;
        if (dirty != null) for (var page : dirty.in(from, to)) if (page.counted) counted++;
        return counted;
    }

    /// How many pages of a range are held.
    private long held(long from, long to) {
        long held = extents.count(from, to);
        if (dirty != null)
            for (var page : dirty.in(from, to)) if (extents.at(page.number) == null) held++;
        return held;
    }

    /// Promises space for everything in a range.
    ///
    /// @throws podium.syscall.ErrnoException `ENOSPC`; nothing has changed
    void reserve(long from, long to) {
        long first = from >>> BITS;
        long last = (to + PAGE - 1) >>> BITS;
        long more = last - first - held(first, last);
        store.pages.take(more);
        pages += more;
        for (long page = first; page < last; ) {
            int index = extents.find(page);
            var next = index < extents.size() ? extents.get(index) : null;
            if (next != null && next.page() <= page) {
                page = next.end();
                continue;
            }
            long end = next == null ? last : Math.min(last, next.page());
            var extent = Extent.reserved(page, (int) Math.min(end - page, 1 << 30));
            // What is in memory there is counted as what is on the disk from now on.
            if (dirty != null)
                for (var waiting : dirty.in(page, extent.end())) waiting.counted = false;
            extents.put(store.segments, extent);
            store.records().extent(inode, extent);
            page = extent.end();
        }
    }

    /// Makes a range read as zeros, and lets go of the pages that lie in it wholly.
    ///
    /// @throws IOException a page at the border cannot be read or kept; nothing has changed, or the
    ///     border alone
    void clear(long from, long to) throws IOException {
        if (from >= to) return;
        boolean endless = to == Long.MAX_VALUE;
        long first = (from + PAGE - 1) >>> BITS;
        long last = endless ? END : to >>> BITS;
        int head = (int) (from & (PAGE - 1));
        int tail = endless ? 0 : (int) (to & (PAGE - 1));
        if (first > last) {
            zero(last, head, tail);
            return;
        }
        if (head != 0) zero(first - 1, head, PAGE);
        if (tail != 0) zero(last, 0, tail);
        if (first < last) cut(first, last);
    }

    private void zero(long page, int from, int to) throws IOException {
        var waiting = waiting(page);
        var extent = extents.at(page);
        boolean held = waiting != null || (extent != null && !extent.isReserved());
        if (!held) return;
        if (waiting == null) {
            // To make a file shorter must not fail because a snapshot has the page, too.
            boolean counted = !isOwn(page, extent);
            if (counted) store.pages.count(1);
            Arrays.fill(load(page, extent, false, counted), from, to, (byte) 0);
        } else Arrays.fill(waiting.bytes, from, to, (byte) 0);
    }

    private void cut(long from, long to) {
        pages -= held(from, to);
        store.pages.give(forget(from, to));
        if (extents.count(from, to) == 0) return;
        store.pages.count(extents.remove(store.segments, from, to));
        store.records().cut(inode, from, to);
    }

    /// @return how many pages the quota need not count any more
    private long forget(long from, long to) {
        if (dirty == null) return 0;
        long counted = 0;
        for (var page : dirty.in(from, to)) counted += forget(dirty, page.number);
        return counted;
    }

    private int forget(DirtyPages from, long number) {
        var page = from.remove(number);
        if (from.size() == 0) dirty = null;
        store.dirtied(-1);
        store.spare.give(page.bytes);
        return page.counted ? 1 : 0;
    }

    /// Lets go of everything, without a record.
    void drop() {
        store.pages.give(forget(0, END));
        store.pages.give(extents.end(store.segments));
        pages = 0;
    }

    /// Brings what is in memory to the disk, when the batch is written.
    ///
    /// @param file whose content it is
    void flush(StoreRegular file, Batch batch) throws IOException {
        var waiting = dirty;
        if (waiting == null) return;
        for (long number : waiting.numbers()) {
            var page = Objects.requireNonNull(waiting.get(number));
            batch.add(file, page, (int) Math.min(file.size - (number << BITS), PAGE));
        }
    }

    /// Pages in memory are on the disk.
    ///
    /// @param written in order
    void written(List<Extent> written) {
        var waiting = Objects.requireNonNull(dirty);
        long more = extents.put(store.segments, written);
        for (var extent : written) {
            store.records().extent(inode, extent);
            for (long page = extent.page(); page < extent.end(); page++)
                more -= forget(waiting, page);
        }
        store.pages.count(more);
    }

    /// Moves what lies in a segment to the end of the last one, for all versions.
    ///
    /// @throws DamageException it is not what was written
    void move(int segment) throws IOException {
        for (int i = 0; i < extents.size(); i++) {
            var extent = extents.get(i);
            if (extent.segment() != segment) continue;
            int count = Math.min(extent.count(), Segments.RUN);
            move(extent.slice(extent.page(), extent.page() + count));
        }
    }

    private void move(Extent part) throws IOException {
        var bytes = ByteBuffer.allocate(part.bytes());
        store.segments.read(part, part.page() << BITS, bytes, part.bytes());
        var moved = store.segments.append(part.page(), bytes.flip(), part.bytes());
        synchronized (extents.places()) {
            extents.relocate(store.segments, part, moved);
        }
        if (extents.isVersion()) store.records().move(inode, moved, part);
        else store.records().extent(inode, moved);
    }

    /// The first byte from a position on that was written, or -1.
    long nextData(long position) {
        long page = position >>> BITS;
        long found = Long.MAX_VALUE;
        for (int i = extents.find(page); i < extents.size(); i++)
            if (!extents.get(i).isReserved()) {
                found = Math.max(page, extents.get(i).page());
                break;
            }
        if (dirty != null) found = dirty.first(page, found);
        return found == Long.MAX_VALUE ? -1 : Math.max(position, found << BITS);
    }

    /// The first byte from a position on that was not written.
    long nextHole(long position) {
        long page = position >>> BITS;
        for (; ; ) {
            var extent = extents.at(page);
            if (extent != null && !extent.isReserved()) page = extent.end();
            else if (waiting(page) != null) page++;
            else return page == END ? Long.MAX_VALUE : Math.max(position, page << BITS);
        }
    }

    /// Takes an extent over from a record.
    void load(Extent extent) {
        pages += extent.count() - extents.count(extent.page(), extent.end());
        store.pages.count(extents.put(store.segments, extent));
    }

    /// Forgets a page that lies where it lies in an extent.
    void unload(Extent page) {
        var here = extents.at(page.page());
        if (here != null && here.isAt(page, page.page())) unload(page.page(), page.end());
    }

    /// Forgets pages as a record says.
    void unload(long from, long to) {
        pages -= extents.count(from, to);
        store.pages.count(extents.remove(store.segments, from, to));
    }
}
