package podium.vfs.migrate;

import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Parts of a file's content. Many small ones become fewer larger ones.
final class Ranges {

    private static final int MOST = 128;

    private final TreeMap<Long, Long> ends = new TreeMap<>();

    /// All of it.
    static Ranges all() {
        var all = new Ranges();
        all.add(0, Long.MAX_VALUE);
        return all;
    }

    /// @param to exclusive
    void add(long from, long to) {
        if (to <= from) return;
        long start = from;
        long end = to;
        var before = ends.floorEntry(from);
        if (before != null && before.getValue() >= from) start = before.getKey();
        for (var next = ends.ceilingEntry(start);
                next != null && next.getKey() <= end;
                next = ends.ceilingEntry(start)) {
            end = Math.max(end, next.getValue());
            ends.remove(next.getKey());
        }
        ends.put(start, end);
        if (ends.size() > MOST) join();
    }

    /// Joins neighbours, two at a time.
    private void join() {
        var old = new TreeMap<>(ends);
        ends.clear();
        while (!old.isEmpty()) {
            var first = old.pollFirstEntry();
            var second = old.pollFirstEntry();
            ends.put(first.getKey(), second == null ? first.getValue() : second.getValue());
        }
    }

    boolean isEmpty() {
        return ends.isEmpty();
    }

    void forEach(BiConsumer<Long, Long> each) {
        ends.forEach(each);
    }
}
