package podium.vfs.store;

import org.jspecify.annotations.Nullable;

/// Where the pages of one file lie: extents that do not overlap, in order. Tells the segments what
/// is still used of them.
///
/// Not thread-safe.
final class Extents {

    private static final Extent[] NONE = {};

    private Extent[] list = NONE;

    int size() {
        return list.length;
    }

    Extent get(int index) {
        return list[index];
    }

    /// The first extent that ends behind a page: it has the page, or is the next one.
    int find(long page) {
        int low = 0;
        int high = list.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (list[middle].end() > page) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// The extent that has a page, or null.
    @Nullable Extent at(long page) {
        int index = find(page);
        return index < list.length && list[index].page() <= page ? list[index] : null;
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
        while (last < list.length && list[last].page() < to) last++;
        if (first == last && extent == null) return;
        Extent head = null;
        Extent tail = null;
        if (first < last && list[first].page() < from)
            head = list[first].slice(list[first].page(), from);
        if (first < last && list[last - 1].end() > to)
            tail = list[last - 1].slice(to, list[last - 1].end());
        for (int i = first; i < last; i++) segments.use(list[i], -1);
        int added = 0;
        for (var one : new Extent[] {head, extent, tail}) if (one != null) added++;
        var now = new Extent[list.length - (last - first) + added];
        System.arraycopy(list, 0, now, 0, first);
        int at = first;
        for (var one : new Extent[] {head, extent, tail}) {
            if (one == null) continue;
            segments.use(one, 1);
            now[at++] = one;
        }
        System.arraycopy(list, last, now, at, list.length - last);
        list = now.length == 0 ? NONE : now;
    }

    /// How many pages of a range there are.
    long count(long from, long to) {
        long count = 0;
        for (int i = find(from); i < list.length && list[i].page() < to; i++)
            count += Math.min(to, list[i].end()) - Math.max(from, list[i].page());
        return count;
    }
}
