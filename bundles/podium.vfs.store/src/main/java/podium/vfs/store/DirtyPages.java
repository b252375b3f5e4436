package podium.vfs.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Pages of a file that wait in memory, by their numbers: by open addressing, since each write
/// looks here. Guarded by the file's monitor.
final class DirtyPages {

    /// More than half of it is empty.
    private @Nullable Page[] table = new Page[4];

    private int size;

    /// A page in memory.
    static final class Page {

        final long number;
        final byte[] bytes;

        /// Whether the quota counts it besides what is on the disk in its place.
        boolean counted;

        Page(long number, byte[] bytes, boolean counted) {
            this.number = number;
            this.bytes = bytes;
            this.counted = counted;
        }
    }

    int size() {
        return size;
    }

    @Nullable Page get(long number) {
        return table[slot(number)];
    }

    /// Adds a page that is not there.
    void add(Page page) {
        if (size >= table.length / 2) grow();
        table[slot(page.number)] = page;
        size++;
    }

    private void grow() {
        var old = table;
        table = new Page[old.length * 2];
        for (var page : old) if (page != null) table[slot(page.number)] = page;
    }

    /// Takes a page out that is there.
    Page remove(long number) {
        int at = slot(number);
        var removed = Objects.requireNonNull(table[at]);
        table[at] = null;
        size--;
        // Those behind it may have to come closer, so that the search for them still ends there.
        for (int i = next(at); table[i] != null; i = next(i)) {
            var moved = Objects.requireNonNull(table[i]);
            table[i] = null;
            table[slot(moved.number)] = moved;
        }
        return removed;
    }

    /// Those in a range, in no order.
    List<Page> in(long from, long to) {
        var found = new ArrayList<Page>();
        if (to - from < size) {
            for (long number = from; number < to; number++) {
                var page = get(number);
                if (page != null) found.add(page);
            }
            return found;
        }
        for (var page : table)
            if (page != null && page.number >= from && page.number < to) found.add(page);
        return found;
    }

    /// The number of the first one in a range, or the range's end.
    long first(long from, long to) {
        long first = to;
        if (to - from < size) {
            while (from < to && get(from) == null) from++;
            return from;
        }
        for (var page : table)
            if (page != null && page.number >= from) first = Math.min(first, page.number);
        return first;
    }

    /// The numbers of all of them, in order.
    long[] numbers() {
        var all = new long[size];
        int count = 0;
        for (var page : table) if (page != null) all[count++] = page.number;
        Arrays.sort(all);
        return all;
    }

    /// Where a page is, or would be.
    private int slot(long number) {
        int at = (int) (number * 0x9E37_79B9_7F4A_7C15L >>> 33) & (table.length - 1);
        for (; ; at = next(at)) {
            var page = table[at];
            if (page == null || page.number == number) return at;
        }
    }

    private int next(int at) {
        return (at + 1) & (table.length - 1);
    }
}
