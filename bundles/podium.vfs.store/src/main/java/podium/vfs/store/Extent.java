package podium.vfs.store;

import java.util.Arrays;

/// A run of a file's pages that lie one behind the other in a segment. Immutable.
///
/// @param page the first one's number in the file
/// @param count how many
/// @param segment where they lie, or [#RESERVED]
/// @param offset in the segment
/// @param bytes that are there; the last page is zeros behind them
/// @param checksums CRC32C of what is there of each page
record Extent(long page, int count, int segment, int offset, int bytes, int[] checksums) {

    static final int PAGE_BITS = 12;
    static final int PAGE = 1 << PAGE_BITS;

    /// In place of a segment's number: space that is promised and reads as zeros.
    static final int RESERVED = 0;

    private static final int[] NONE = {};

    static Extent reserved(long page, int count) {
        return new Extent(page, count, RESERVED, 0, 0, NONE);
    }

    /// The page behind the last one.
    long end() {
        return page + count;
    }

    boolean isReserved() {
        return segment == RESERVED;
    }

    /// How many bytes are there of a page of the file.
    int length(long at) {
        return Math.min(PAGE, bytes - index(at) * PAGE);
    }

    /// Where a page of the file begins in the segment.
    int offset(long at) {
        return offset + index(at) * PAGE;
    }

    int checksum(long at) {
        return checksums[index(at)];
    }

    private int index(long at) {
        return (int) (at - page);
    }

    /// Whether it is the same pages of the file, wherever they lie.
    boolean hasPagesOf(Extent other) {
        return page == other.page && count == other.count;
    }

    /// Whether a page lies where it lies in another one. Both have it.
    boolean isAt(Extent other, long at) {
        if (segment != other.segment) return false;
        return isReserved() || offset(at) == other.offset(at);
    }

    /// The same pages at another place.
    Extent at(int segment, int offset) {
        return new Extent(page, count, segment, offset, bytes, checksums);
    }

    /// What of it is in a range, which it meets.
    Extent within(long from, long to) {
        return from <= page && to >= end()
                ? this
                : slice(Math.max(from, page), Math.min(to, end()));
    }

    /// A part of it.
    Extent slice(long from, long to) {
        int skip = index(from);
        int pages = (int) (to - from);
        if (isReserved()) return reserved(from, pages);
        int start = skip * PAGE;
        return new Extent(
                from,
                pages,
                segment,
                offset + start,
                Math.min(bytes - start, pages * PAGE),
                Arrays.copyOfRange(checksums, skip, skip + pages));
    }
}
