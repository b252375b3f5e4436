package podium.vfs.backend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;

/// The snapshots that a file system has. Thread-safe.
public final class FrozenTrees {

    private final LinkedHashMap<String, FrozenTree> trees = new LinkedHashMap<>();

    /// @throws podium.syscall.ErrnoException `EINVAL`, `EEXIST`, `EDQUOT`
    public synchronized void checkNew(String name) {
        if (!Snapshot.isName(name)) throw Errno.EINVAL.exception();
        if (trees.containsKey(name)) throw Errno.EEXIST.exception();
        if (trees.size() >= Snapshots.MOST) throw Errno.EDQUOT.exception();
    }

    /// @throws podium.syscall.ErrnoException `EEXIST`
    public synchronized void add(FrozenTree tree) {
        tree.complete();
        if (trees.putIfAbsent(tree.name(), tree) != null) throw Errno.EEXIST.exception();
        for (var node : tree.nodes()) node.holders++;
    }

    /// @throws podium.syscall.ErrnoException `ENOENT`
    public synchronized FrozenTree get(String name) {
        var tree = trees.get(name);
        if (tree == null) throw Errno.ENOENT.exception();
        return tree;
    }

    public synchronized boolean contains(String name) {
        return trees.containsKey(name);
    }

    /// Forgets those that nobody has open: for who can read them again.
    public synchronized void forgetUnused() {
        trees.values().removeIf(tree -> tree.users == 0);
    }

    /// Those that there are, the oldest first.
    public synchronized List<FrozenTree> all() {
        return List.copyOf(trees.values());
    }

    /// Those that there are, for people.
    ///
    /// @param own how many bytes of content nobody but a file that is in one snapshot alone holds
    public List<Snapshot> list(ToLongFunction<Frozen> own) {
        var list = new ArrayList<Snapshot>();
        for (var tree : all()) {
            long bytes = 0;
            for (var node : tree.nodes())
                if (node.content() != null && isSingle(node)) bytes += own.applyAsLong(node);
            list.add(new Snapshot(tree.name(), tree.taken(), tree.size(), tree.bytes(), bytes));
        }
        return list;
    }

    private synchronized boolean isSingle(Frozen node) {
        return node.holders == 1;
    }

    /// Whether a snapshot has it, so that a further one may share it.
    public synchronized boolean isKept(@Nullable Frozen node) {
        return node != null && node.holders > 0;
    }

    /// An inode as the last snapshot has it, or null.
    public synchronized @Nullable Frozen last(long inode) {
        var last = trees.lastEntry();
        return last == null ? null : last.getValue().get(inode);
    }

    /// Whether any snapshot has an inode of a number.
    public synchronized boolean has(long inode) {
        if (trees.isEmpty()) return false;
        for (var tree : trees.values()) if (tree.get(inode) != null) return true;
        return false;
    }

    /// Forgets one.
    ///
    /// @return the inodes that no other one has as they were then
    /// @throws podium.syscall.ErrnoException `ENOENT`; `EBUSY` while it is open
    public synchronized Collection<Frozen> remove(String name) {
        var tree = get(name);
        if (tree.users > 0) throw Errno.EBUSY.exception();
        trees.remove(name);
        var free = new ArrayList<Frozen>();
        for (var node : tree.nodes()) if (--node.holders == 0) free.add(node);
        return free;
    }

    /// Keeps one from being removed, until [#close].
    ///
    /// @throws podium.syscall.ErrnoException `ENOENT`
    public synchronized FrozenTree open(String name) {
        var tree = get(name);
        tree.users++;
        return tree;
    }

    public synchronized void close(FrozenTree tree) {
        tree.users--;
    }
}
