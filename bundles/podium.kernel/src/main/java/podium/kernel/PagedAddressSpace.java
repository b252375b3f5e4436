package podium.kernel;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.syscall.AddressSpace;
import podium.syscall.Errno;

/// The mapped pages of a linear memory, a bit each. The memory grows when no gap is large enough;
/// it never shrinks, but unmapped pages are zeroed and found again.
///
/// Thread-safe.
final class PagedAddressSpace implements AddressSpace {

    /// 64 KiB pages to grow by at least, when they are to be had.
    private static final int GROWTH = 16;

    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[PAGE]).asReadOnly();

    private final Memory memory;

    /// First page that may be mapped; below are the program's data and stack.
    private final int base;

    /// Absolute page numbers. Guarded by this, as the rest.
    private final BitSet mapped = new BitSet();

    /// No page between base and here is free.
    private int firstFree;

    /// Bytes of memory that this space knows of.
    private long known;

    /// @param base first address that may be mapped
    /// @param occupied whether all there is above it counts as mapped
    PagedAddressSpace(Memory memory, long base, boolean occupied) {
        this.memory = memory;
        this.base = (int) ((base + PAGE - 1) / PAGE);
        firstFree = this.base;
        known = memory.size();
        if (occupied) mapped.set(this.base, Math.max(this.base, page(known)));
    }

    /// The mapped pages, as bits from address 0 on.
    synchronized long[] pages() {
        adopt(memory.size());
        return mapped.toLongArray();
    }

    /// Makes exactly these the mapped pages.
    synchronized void restore(long[] pages) {
        known = memory.size();
        mapped.clear();
        mapped.or(BitSet.valueOf(pages));
        mapped.clear(0, base);
        mapped.clear(Math.max(base, page(known)), Math.max(mapped.length(), page(known) + 1));
        firstFree = mapped.nextClearBit(base);
    }

    private static int page(long bytes) {
        return (int) (bytes / PAGE);
    }

    private static int pages(int length) {
        long bytes = Integer.toUnsignedLong(length);
        if (bytes == 0) throw Errno.EINVAL.exception();
        return (int) ((bytes + PAGE - 1) / PAGE);
    }

    private static int aligned(int address) {
        if ((address & (PAGE - 1)) != 0) throw Errno.EINVAL.exception();
        return address >>> 12;
    }

    @Override
    public synchronized int map(int hint, int length, boolean fixed) {
        int count = pages(length);
        if (fixed) return mapFixed(aligned(hint), count);
        int start = hint >>> 12;
        if (hint == 0 || start < base || !isFree(start, count) || !reach(start, count))
            start = find(count);
        take(start, count);
        return start << 12;
    }

    private int mapFixed(int start, int count) {
        if (start < base || !reach(start, count)) throw Errno.ENOMEM.exception();
        clear(start, count);
        take(start, count);
        return start << 12;
    }

    private void take(int start, int count) {
        mapped.set(start, start + count);
        if (start <= firstFree) firstFree = mapped.nextClearBit(firstFree);
    }

    private boolean isFree(int start, int count) {
        int next = mapped.nextSetBit(start);
        return next < 0 || next - (long) start >= count;
    }

    /// The lowest gap that is large enough, in memory or by growing it.
    private int find(int count) {
        adopt(memory.size());
        int start = mapped.nextClearBit(firstFree);
        while (!isFree(start, count)) start = mapped.nextClearBit(mapped.nextSetBit(start));
        if (!reach(start, count)) throw Errno.ENOMEM.exception();
        return isFree(start, count) ? start : find(count);
    }

    /// Makes the memory large enough for some pages.
    private boolean reach(int start, int count) {
        long end = (start + (long) count) * PAGE;
        if (end > 1L << 32) return false;
        long missing = end - memory.size();
        if (missing <= 0) return true;
        int delta = (int) ((missing + MemoryType.PAGE - 1) / MemoryType.PAGE);
        int before = -1;
        if (delta < GROWTH) before = memory.grow(GROWTH);
        if (before < 0) before = memory.grow(delta);
        if (before < 0) return false;
        adopt((long) before * MemoryType.PAGE);
        known = memory.size();
        return true;
    }

    /// What the guest itself has grown belongs to it.
    private void adopt(long size) {
        if (size <= known) return;
        mapped.set(Math.max(base, page(known)), Math.max(base, page(size)));
        known = size;
    }

    @Override
    public synchronized void unmap(int address, int length) {
        int start = aligned(address);
        int count = pages(length);
        int end = (int) Math.min(start + (long) count, 1 << 20);
        int from = Math.max(start, base);
        while ((from = mapped.nextSetBit(from)) >= 0 && from < end) {
            int to = Math.min(mapped.nextClearBit(from), end);
            clear(from, to - from);
            mapped.clear(from, to);
            firstFree = Math.min(firstFree, from);
            from = to;
        }
    }

    /// Pages that are zero are not written: they may never have been touched, and then cost
    /// nothing.
    private void clear(int start, int count) {
        var pages = memory.segment().asSlice((long) start * PAGE, (long) count * PAGE);
        for (long at = 0; at < pages.byteSize(); at += PAGE) {
            var page = pages.asSlice(at, PAGE);
            if (page.mismatch(ZEROS) >= 0) page.fill((byte) 0);
        }
    }

    @Override
    public synchronized int remap(int address, int oldLength, int newLength, boolean mayMove) {
        int start = aligned(address);
        int before = pages(oldLength);
        int after = pages(newLength);
        if (start < base || mapped.nextClearBit(start) < start + before)
            throw Errno.EFAULT.exception();
        if (after < before) unmap((start + after) << 12, (before - after) << 12);
        if (after <= before) return address;
        int more = after - before;
        if (isFree(start + before, more) && reach(start + before, more)) {
            if (isFree(start + before, more)) {
                take(start + before, more);
                return address;
            }
        }
        if (!mayMove) throw Errno.ENOMEM.exception();
        int place = find(after);
        take(place, after);
        var all = memory.segment();
        all.asSlice((long) place * PAGE, (long) before * PAGE)
                .copyFrom(all.asSlice((long) start * PAGE, (long) before * PAGE));
        unmap(address, before << 12);
        return place << 12;
    }

    @Override
    public synchronized long mapped() {
        return (long) mapped.cardinality() * PAGE;
    }
}
