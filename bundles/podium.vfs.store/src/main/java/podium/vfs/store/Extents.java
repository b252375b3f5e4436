package podium.vfs.store;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where the pages of one file lie: extents that do not overlap, in order. Tells the segments what
/// is still used of them.
///
/// Not thread-safe.
final class Extents {

    private static final Extent[] NONE = {};

    /// With room behind the last one, so that a file written at random is not copied with each
    /// page.
    private @Nullable Extent[] list = NONE;

    private int size;

    int size() {
        return size;
    }

    Extent get(int index) {
        return Objects.requireNonNull(list[Objects.checkIndex(index, size)]);
    }

    /// The first extent that ends behind a page: it has the page, or is the next one.
    int find(long page) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).end() > page) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// The extent that has a page, or null.
    @Nullable Extent at(long page) {
        int index = find(page);
        return index < size && get(index).page() <= page ? get(index) : null;
    }

    /// Puts an extent in place of all pages that it covers.
    void put(Segments segments, Extent extent) {
        replace(segments, extent.page(), extent.end(), extent);
    }

    /// Forgets pages.
    void remove(Segments segments, long from, long to) {
        replace(segments, from, to, null);
    }

    private void replace(Segments segments, long from, long to, @Nullable Extent extent) {
        int first = find(from);
        int last = first;
        while (last < size && get(last).page() < to) last++;
        if (first == last && extent == null) return;
        boolean cutsFirst = first < last && get(first).page() < from;
        boolean cutsLast = first < last && get(last - 1).end() > to;
        var head = cutsFirst ? get(first).slice(get(first).page(), from) : null;
        var tail = cutsLast ? get(last - 1).slice(to, get(last - 1).end()) : null;
        for (int i = first; i < last; i++) segments.use(get(i), -1);
        int count = (head == null ? 0 : 1) + (extent == null ? 0 : 1) + (tail == null ? 0 : 1);
        shift(last, first + count);
        int at = put(segments, head, first);
        at = put(segments, extent, at);
        put(segments, tail, at);
    }

    /// @return the next place
    private int put(Segments segments, @Nullable Extent extent, int at) {
        if (extent == null) return at;
        segments.use(extent, 1);
        list[at] = extent;
        return at + 1;
    }

    /// Moves the extents from a place on to another place.
    private void shift(int from, int to) {
        if (from == to) return;
        int now = size - from + to;
        if (now > list.length) list = Arrays.copyOf(list, Math.max(now, size + (size >> 1)));
        System.arraycopy(list, from, list, to, size - from);
        if (now < size) Arrays.fill(list, now, size, null);
        size = now;
        if (size == 0) list = NONE;
    }

    /// How many pages of a range there are.
    long count(long from, long to) {
        long count = 0;
        for (int i = find(from); i < size && get(i).page() < to; i++)
            count += Math.min(to, get(i).end()) - Math.max(from, get(i).page());
        return count;
    }
}
