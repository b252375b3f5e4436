package podium.vfs.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A directory's names: parallel arrays in the order of adding, which is the order of cookies, with
/// holes where names were removed; and, from some size on, a hash index over them. Compact, since
/// there may be millions: no object per entry.
///
/// Not thread-safe.
///
/// @param <N> an inode of the backend's
public final class NameTable<N> {

    private static final int UNINDEXED = 8;

    private @Nullable String[] names = new String[0];
    private @Nullable Object[] nodes = new Object[0];
    private long[] cookies = new long[0];
    private int used;
    private int live;
    private long lastCookie;

    /// Slots plus one, by open addressing; holes stay until the next rebuild. Null while small.
    private int @Nullable [] index;

    public int size() {
        return live;
    }

    /// @return the slot, or -1
    public int find(String name) {
        var table = index;
        if (table == null) {
            for (int slot = 0; slot < used; slot++) if (name.equals(names[slot])) return slot;
            return -1;
        }
        int mask = table.length - 1;
        for (int at = spread(name) & mask; table[at] != 0; at = (at + 1) & mask)
            if (name.equals(names[table[at] - 1])) return table[at] - 1;
        return -1;
    }

    public @Nullable N get(String name) {
        int slot = find(name);
        return slot < 0 ? null : node(slot);
    }

    /// What stands in a slot that is no hole.
    @SuppressWarnings("unchecked")
    public N node(int slot) {
        var node = nodes[slot];
        if (node == null) throw new IllegalStateException("a hole at " + slot);
        return (N) node;
    }

    /// @return null for a hole
    public @Nullable String name(int slot) {
        return names[slot];
    }

    public long cookie(int slot) {
        return cookies[slot];
    }

    /// One behind the last slot.
    public int end() {
        return used;
    }

    /// The greatest cookie there was.
    public long lastCookie() {
        return lastCookie;
    }

    /// The same names and cookies, with what an inode is called elsewhere.
    public <M> NameTable<M> copy(java.util.function.Function<N, M> as) {
        var copy = new NameTable<M>();
        for (int slot = 0; slot < used; slot++) {
            var name = names[slot];
            if (name != null) copy.add(name, as.apply(node(slot)), cookies[slot]);
        }
        return copy;
    }

    /// Whether another one has the same names and cookies.
    ///
    /// @param as what an inode is called there
    public <M> boolean is(NameTable<M> other, java.util.function.Function<N, M> as) {
        if (other.live != live) return false;
        for (int slot = 0, there = 0; slot < used; slot++) {
            var name = names[slot];
            if (name == null) continue;
            while (other.names[there] == null) there++;
            boolean same =
                    name.equals(other.names[there])
                            && cookies[slot] == other.cookies[there]
                            && as.apply(node(slot)).equals(other.node(there));
            if (!same) return false;
            there++;
        }
        return true;
    }

    /// Forgets all names; cookies go on where they were.
    public void clear() {
        Arrays.fill(names, 0, used, null);
        Arrays.fill(nodes, 0, used, null);
        used = live = 0;
        index = null;
    }

    /// Adds a name that is not there.
    ///
    /// @param cookie greater than those of all names there are
    public void add(String name, N node, long cookie) {
        if (used == names.length) makeRoom();
        names[used] = name;
        nodes[used] = node;
        cookies[used] = cookie;
        lastCookie = Math.max(lastCookie, cookie);
        used++;
        live++;
        var table = index;
        if (table != null) enter(table, name, used - 1);
        else if (used > UNINDEXED) index = rebuilt();
    }

    /// Lets a name stand for another node, with the same cookie.
    public void set(int slot, N node) {
        nodes[slot] = node;
    }

    public void remove(int slot) {
        names[slot] = null;
        nodes[slot] = null;
        live--;
        if (slot == used - 1 && index == null) used--;
    }

    /// The slot of a cookie, or -1.
    public int at(long cookie) {
        int found = Arrays.binarySearch(cookies, 0, used, cookie);
        return found >= 0 && names[found] != null ? found : -1;
    }

    /// The first slot behind a cookie, a hole perhaps.
    public int after(long cookie) {
        int found = Arrays.binarySearch(cookies, 0, used, cookie);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private void makeRoom() {
        boolean compact = used - live > used / 4;
        int capacity = compact ? names.length : Math.max(4, names.length * 2);
        if (compact) compact();
        if (capacity != names.length) {
            names = Arrays.copyOf(names, capacity);
            nodes = Arrays.copyOf(nodes, capacity);
            cookies = Arrays.copyOf(cookies, capacity);
        }
        index = used > UNINDEXED ? rebuilt() : null;
    }

    private void compact() {
        int to = 0;
        for (int from = 0; from < used; from++) {
            if (names[from] == null) continue;
            names[to] = names[from];
            nodes[to] = nodes[from];
            cookies[to++] = cookies[from];
        }
        Arrays.fill(names, to, used, null);
        Arrays.fill(nodes, to, used, null);
        used = to;
    }

    private int[] rebuilt() {
        var table = new int[Integer.highestOneBit(names.length) * 4];
        for (int slot = 0; slot < used; slot++) {
            var name = names[slot];
            if (name != null) enter(table, name, slot);
        }
        return table;
    }

    private static void enter(int[] table, String name, int slot) {
        int mask = table.length - 1;
        int at = spread(name) & mask;
        while (table[at] != 0) at = (at + 1) & mask;
        table[at] = slot + 1;
    }

    /// String hashes are known to a guest: multiplied, so that runs at least do not cluster.
    private static int spread(String name) {
        int hash = name.hashCode() * 0x9E37_79B1;
        return hash ^ (hash >>> 15);
    }
}
