package podium.vfs.sqlite;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The inodes that somebody holds, so that each is one object, and those that were met lately, so
/// that their rows are not read again. Thread-safe.
final class NodeCache {

    /// How many are kept that nobody holds.
    private static final int KEPT = 8192;

    private final Map<Long, Held> nodes = new HashMap<>();
    private final ReferenceQueue<SqliteNode> collected = new ReferenceQueue<>();
    private final @Nullable SqliteNode[] kept = new SqliteNode[KEPT];
    private int next;

    /// Odd while a commit is under way that rows may change with.
    private long version;

    private static final class Held extends WeakReference<SqliteNode> {

        final long inode;

        Held(SqliteNode node, ReferenceQueue<SqliteNode> queue) {
            super(node, queue);
            inode = node.inode;
        }
    }

    synchronized @Nullable SqliteNode get(long inode) {
        var held = nodes.get(inode);
        return held == null ? null : held.get();
    }

    /// To be asked for before a row is read, and handed to [#add].
    synchronized long version() {
        return version;
    }

    /// A commit begins, or its changes are published.
    synchronized void turn() {
        version++;
    }

    /// Takes an inode whose row was read, unless it has one already.
    ///
    /// @param read the version before the row was read
    /// @return the one it has, or null when the row may be old: it has to be read again
    synchronized @Nullable SqliteNode add(SqliteNode node, long read) {
        var known = get(node.inode);
        if (known != null) return known;
        if (read != version || (read & 1) != 0) return null;
        add(node);
        return node;
    }

    /// Takes an inode that nobody else can know of, or change.
    synchronized void add(SqliteNode node) {
        for (var gone = collected.poll(); gone != null; gone = collected.poll())
            nodes.remove(((Held) gone).inode, gone);
        nodes.put(node.inode, new Held(node, collected));
        kept[next++ & (KEPT - 1)] = node;
    }

    synchronized void remove(SqliteNode node) {
        nodes.remove(node.inode);
    }

    /// Those that somebody holds, and some others.
    synchronized List<SqliteNode> all() {
        var all = new ArrayList<SqliteNode>(nodes.size());
        for (var held : nodes.values()) {
            var node = held.get();
            if (node != null) all.add(node);
        }
        return all;
    }

    /// How many there are, those included that were collected since.
    synchronized int size() {
        return nodes.size();
    }
}
