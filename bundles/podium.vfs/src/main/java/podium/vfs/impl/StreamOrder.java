package podium.vfs.impl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import podium.vfs.Mode;
import podium.vfs.Node;

/// In which order the entries of a directory come, whose backend was exchanged while streams were
/// open: those that were there first, with the cookies that the streams know, then the others, with
/// numbers that go on from there. Kept until the last of the streams is closed. Thread-safe.
final class StreamOrder {

    private static final int AT_ONCE = 256;

    /// The names that were there, in the order in which streams have them, and their cookies; null
    /// for one that is gone.
    private final List<@Nullable String> names = new ArrayList<>();

    private final List<Long> cookies = new ArrayList<>();

    /// How many come up to one, by its cookie. Those of names that came between two exchanges may
    /// be in another order than the names.
    private final TreeMap<Long, Integer> places = new TreeMap<>();

    private final Map<String, Long> known = new HashMap<>();

    /// The greatest cookie of those.
    private final long last;

    /// What came later: the backend's cookies by ours and ours by the backend's.
    private final List<Long> later = new ArrayList<>();

    private final Map<Long, Long> laterBy = new HashMap<>();

    /// @param entries as the streams know them, by cookie, in their order
    StreamOrder(Map<Long, String> entries) {
        entries.forEach(
                (cookie, name) -> {
                    names.add(name);
                    cookies.add(cookie);
                    places.put(cookie, names.size());
                    known.put(name, cookie);
                });
        last = places.isEmpty() ? 0 : places.lastKey();
    }

    /// All entries of a directory as its streams see them. The gate is shut.
    static StreamOrder of(DirectoryInode directory) {
        var all = new LinkedHashMap<Long, String>();
        for (long cookie = 0; ; ) {
            var some = directory.list(cookie, AT_ONCE);
            if (some.isEmpty()) return new StreamOrder(all);
            for (var entry : some) all.put(entry.cookie(), entry.name());
            cookie = some.getLast().cookie();
        }
    }

    /// A name is no longer the entry it was.
    synchronized void remove(String name) {
        var cookie = known.remove(name);
        if (cookie != null) names.set(Objects.requireNonNull(places.get(cookie)) - 1, null);
    }

    /// As [Node.Directory#entries].
    synchronized List<Node.Entry> entries(Node.Directory directory, long cookie, int limit) {
        if (cookie <= last) {
            var first = first(directory, cookie, limit);
            return first.isEmpty() ? rest(directory, 0, limit) : first;
        }
        // Any number may come from a guest.
        long number = cookie - last;
        return number > later.size()
                ? List.of()
                : rest(directory, later.get((int) number - 1), limit);
    }

    private List<Node.Entry> first(Node.Directory directory, long cookie, int limit) {
        var found = new ArrayList<Node.Entry>();
        // Any cookie may come from a guest.
        var before = places.floorEntry(cookie);
        for (int i = before == null ? 0 : before.getValue(); i < names.size(); i++) {
            if (found.size() == limit) break;
            var name = names.get(i);
            var node = name == null ? null : directory.lookup(name);
            if (name == null || node == null) continue;
            var of = node.attributes();
            found.add(new Node.Entry(name, of.inode(), Mode.type(of.mode()), cookies.get(i)));
        }
        return found;
    }

    private List<Node.Entry> rest(Node.Directory directory, long cookie, int limit) {
        for (long at = cookie; ; ) {
            var some = directory.entries(at, limit);
            if (some.isEmpty()) return some;
            var found = new ArrayList<Node.Entry>();
            for (var entry : some) {
                if (known.containsKey(entry.name())) continue;
                long ours = laterBy.computeIfAbsent(entry.cookie(), this::number);
                found.add(new Node.Entry(entry.name(), entry.inode(), entry.type(), ours));
            }
            if (!found.isEmpty()) return found;
            at = some.getLast().cookie();
        }
    }

    private long number(long cookie) {
        later.add(cookie);
        return last + later.size();
    }
}
