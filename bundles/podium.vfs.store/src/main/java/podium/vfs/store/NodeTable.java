package podium.vfs.store;

import org.jspecify.annotations.Nullable;

/// All inodes by their numbers, by open addressing: compact, since there may be millions.
/// Thread-safe.
final class NodeTable {

    private @Nullable StoreNode[] table = new StoreNode[64];
    private int size;
    private long next = 1;

    /// A number that no inode had before.
    synchronized long number() {
        return next++;
    }

    /// The number that [#number] would give.
    synchronized long next() {
        return next;
    }

    /// Numbers below this one are not given.
    synchronized void reserve(long number) {
        next = Math.max(next, number);
    }

    synchronized int size() {
        return size;
    }

    synchronized @Nullable StoreNode get(long number) {
        int mask = table.length - 1;
        for (int at = slot(number, mask); ; at = (at + 1) & mask) {
            var node = table[at];
            if (node == null || node.inode == number) return node;
        }
    }

    /// Adds an inode whose number is not there.
    synchronized void add(StoreNode node) {
        if (size >= table.length / 2) grow();
        enter(node);
        size++;
        next = Math.max(next, node.inode + 1);
    }

    synchronized void remove(StoreNode node) {
        int mask = table.length - 1;
        int at = slot(node.inode, mask);
        while (table[at] != node) {
            if (table[at] == null) return;
            at = (at + 1) & mask;
        }
        table[at] = null;
        size--;
        // Those behind it may have to come closer, so that the search for them still ends there.
        for (int i = (at + 1) & mask; table[i] != null; i = (i + 1) & mask) {
            var moved = table[i];
            table[i] = null;
            if (moved != null) enter(moved);
        }
    }

    /// All inodes as they are now.
    synchronized StoreNode[] all() {
        var all = new StoreNode[size];
        int count = 0;
        for (var node : table) if (node != null) all[count++] = node;
        return all;
    }

    private void enter(StoreNode node) {
        int mask = table.length - 1;
        int at = slot(node.inode, mask);
        while (table[at] != null) at = (at + 1) & mask;
        table[at] = node;
    }

    private void grow() {
        var old = table;
        table = new StoreNode[old.length * 2];
        for (var node : old) if (node != null) enter(node);
    }

    private static int slot(long number, int mask) {
        return (int) (number * 0x9E37_79B9_7F4A_7C15L >>> 33) & mask;
    }
}
