package podium.vfs.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where the pages of one file lie: extents that do not overlap, in order. Tells the segments what
/// is still used of them.
///
/// A file and what it was in snapshots have versions of it, which share pages: the same page of the
/// file at the same place on the disk, which is counted once.
///
/// Not thread-safe; what changes the versions there are excludes all changes.
final class Extents {

    private static final Extent[] NONE = {};

    /// With room behind the last one, so that a file written at random is not copied with each
    /// page.
    private @Nullable Extent[] list = NONE;

    private int size;

    /// All versions, this one among them; null when it is the only one there ever was.
    private @Nullable List<Extents> versions;

    /// A version more, as this one is.
    Extents freeze(Segments segments) {
        if (versions == null) {
            versions = new ArrayList<>();
            versions.add(this);
        }
        var copy = new Extents();
        copy.join(this);
        copy.take(segments, this);
        return copy;
    }

    /// Becomes as another version is, and one of those.
    ///
    /// @return pages that are no longer held
    long thaw(Segments segments, Extents frozen) {
        long free = end(segments);
        join(frozen);
        take(segments, frozen);
        return free;
    }

    private void take(Segments segments, Extents other) {
        list = other.size == 0 ? NONE : Arrays.copyOf(other.list, other.size);
        size = other.size;
        segments.count(size);
    }

    /// Becomes a further version of what others are versions of.
    void join(Extents other) {
        var all = other.versions;
        if (all == null) {
            all = other.versions = new ArrayList<>();
            all.add(other);
        }
        all.add(this);
        versions = all;
    }

    /// Forgets everything, and is no version any more.
    ///
    /// @return pages that are no longer held
    long end(Segments segments) {
        long free = -remove(segments, 0, Long.MAX_VALUE);
        if (versions != null) versions.removeIf(one -> one == this);
        versions = null;
        return free;
    }

    /// Whether all pages lie where they lie in another version.
    boolean is(Extents other) {
        if (size != other.size) return false;
        for (int i = 0; i < size; i++) {
            var one = get(i);
            var its = other.get(i);
            boolean same =
                    one.page() == its.page()
                            && one.count() == its.count()
                            && one.isAt(its, one.page());
            if (!same) return false;
        }
        return true;
    }

    /// The monitor under which places change, and snapshots are read.
    Object places() {
        return versions == null ? this : versions;
    }

    /// Whether there are others that share pages with it, perhaps.
    boolean isVersion() {
        return versions != null;
    }

    /// Parts of an extent that no other version has.
    List<Extent> unshared(Extent extent) {
        if (versions == null) return List.of(extent);
        var parts = List.of(extent);
        for (var other : versions) {
            if (other == this) continue;
            var rest = new ArrayList<Extent>();
            for (var part : parts) other.without(part, rest);
            parts = rest;
        }
        return parts;
    }

    /// Parts of an extent that are met here first, when all versions are looked at, the one that is
    /// the file's before all others.
    List<Extent> first(Extent extent, @Nullable Extents file) {
        if (versions == null || file == this) return List.of(extent);
        var parts = new ArrayList<Extent>();
        if (file == null) parts.add(extent);
        else file.without(extent, parts);
        for (var other : versions) {
            if (other == this) break;
            var rest = new ArrayList<Extent>();
            for (var part : parts) other.without(part, rest);
            parts = rest;
        }
        return parts;
    }

    /// Adds the parts of an extent that are not here.
    private void without(Extent extent, List<Extent> rest) {
        long at = extent.page();
        for (int i = find(at); i < size && get(i).page() < extent.end(); i++) {
            long from = Math.max(extent.page(), get(i).page());
            if (!get(i).isAt(extent, from)) continue;
            if (from > at) rest.add(extent.slice(at, from));
            at = Math.min(extent.end(), get(i).end());
        }
        if (at < extent.end()) rest.add(extent.slice(at, extent.end()));
    }

    /// How many pages of a range no other version has.
    long own(long from, long to) {
        if (versions == null) return count(from, to);
        long count = 0;
        for (int i = find(from); i < size && get(i).page() < to; i++)
            for (var part : unshared(get(i).within(from, to))) count += part.count();
        return count;
    }

    /// What lies at a place lies at another one now, for all versions that have it.
    void relocate(Segments segments, Extent extent, Extent moved) {
        for (var one : versions == null ? List.of(this) : versions)
            one.substitute(segments, extent, moved);
        segments.use(extent, -1);
        segments.use(moved, 1);
    }

    private void substitute(Segments segments, Extent extent, Extent moved) {
        for (int i = find(extent.page()); i < size && get(i).page() < extent.end(); i++) {
            var part = get(i).within(extent.page(), extent.end());
            if (part.isAt(extent, part.page()))
                replace(segments, part.page(), part.end(), moved.slice(part.page(), part.end()));
        }
    }

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
    ///
    /// @return how many pages more are held than before
    long put(Segments segments, Extent extent) {
        long more = leave(segments, extent.page(), extent.end()) + enter(segments, extent);
        replace(segments, extent.page(), extent.end(), extent);
        return more;
    }

    /// Puts extents, which are in order, in place of all pages that they cover.
    ///
    /// @return as [#put]
    long put(Segments segments, List<Extent> extents) {
        if (extents.size() == 1) return put(segments, extents.getFirst());
        long more = 0;
        var others = new ArrayList<Extent>();
        for (var extent : extents) {
            more += leave(segments, extent.page(), extent.end()) + enter(segments, extent);
            int index = find(extent.page());
            if (index < size && get(index).hasPagesOf(extent)) list[index] = extent;
            else others.add(extent);
        }
        if (!others.isEmpty()) merge(segments, others);
        return more;
    }

    /// Forgets pages.
    ///
    /// @return as [#put], negative
    long remove(Segments segments, long from, long to) {
        long more = leave(segments, from, to);
        replace(segments, from, to, null);
        return more;
    }

    private long enter(Segments segments, Extent extent) {
        if (versions == null) return use(segments, extent, 1);
        long more = 0;
        for (var part : unshared(extent)) more += use(segments, part, 1);
        return more;
    }

    private long leave(Segments segments, long from, long to) {
        long more = 0;
        for (int i = find(from); i < size && get(i).page() < to; i++) {
            var extent = get(i).within(from, to);
            if (versions == null) more += use(segments, extent, -1);
            else for (var part : unshared(extent)) more += use(segments, part, -1);
        }
        return more;
    }

    private static long use(Segments segments, Extent extent, int by) {
        segments.use(extent, by);
        return (long) by * extent.count();
    }

    /// Puts extents in place of what they cover in one pass: to make room for each of them alone is
    /// to move all behind it.
    private void merge(Segments segments, List<Extent> extents) {
        var all = new Extent[size + 2 * extents.size()];
        int count = 0;
        long done = 0;
        for (var extent : extents) {
            count = copy(done, extent.page(), all, count);
            all[count++] = extent;
            done = extent.end();
        }
        count = copy(done, Long.MAX_VALUE, all, count);
        segments.count(count - size);
        list = all;
        size = count;
    }

    /// Copies what is in a range behind what is in another list.
    ///
    /// @return how many are there
    private int copy(long from, long to, @Nullable Extent[] into, int count) {
        if (from == to) return count;
        int first = find(from);
        int last = find(to);
        System.arraycopy(list, first, into, count, last - first);
        if (first < last) into[count] = get(first).within(from, to);
        count += last - first;
        if (last < size && get(last).page() < to) into[count++] = get(last).within(from, to);
        return count;
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
        int count = (head == null ? 0 : 1) + (extent == null ? 0 : 1) + (tail == null ? 0 : 1);
        segments.count(first + count - last);
        shift(last, first + count);
        int at = enter(head, first);
        at = enter(extent, at);
        enter(tail, at);
    }

    /// @return the next place
    private int enter(@Nullable Extent extent, int at) {
        if (extent == null) return at;
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
