package podium.vfs.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Snapshots;
import podium.vfs.backend.Frozen;
import podium.vfs.backend.FrozenFileSystem;
import podium.vfs.backend.FrozenTree;
import podium.vfs.backend.FrozenTrees;

/// The snapshots of a store: inodes as they were, which share extents with what is there now. The
/// journal says when one was taken, restored and deleted, and [Replay] does the same again; a
/// journal's own snapshot has them in full.
final class StoreSnapshots implements Snapshots {

    private final Store store;
    final FrozenTrees trees = new FrozenTrees();

    /// Numbers of inodes that only snapshots have, and that are counted for them.
    private final Set<Long> kept = Collections.synchronizedSet(new HashSet<>());

    StoreSnapshots(Store store) {
        this.store = store;
    }

    @Override
    public List<podium.vfs.Snapshot> list() {
        return store.looking(() -> trees.list(StoreSnapshots::own));
    }

    /// Bytes of a file that no other version has.
    private static long own(Frozen node) {
        if (!(node.content() instanceof FrozenContent file)) return 0;
        return file.content().extents.own(0, Long.MAX_VALUE) * Extent.PAGE;
    }

    @Override
    public Duration take(String name) {
        long now = StoreNode.now();
        return store.alone(
                () -> trees.checkNew(name),
                records -> records.take(name, now),
                () -> takeNow(name, now));
    }

    /// For within [Store#alone], or when a store is loaded.
    void takeNow(String name, long taken) {
        var root = store.root();
        var tree = new FrozenTree(name, taken, root.inode);
        tree.add(root.freeze());
        var todo = new ArrayDeque<StoreDirectory>(List.of(root));
        for (var at = todo.poll(); at != null; at = todo.poll())
            for (int slot = 0; slot < at.names.end(); slot++) {
                if (at.names.name(slot) == null) continue;
                var node = at.names.node(slot);
                if (tree.get(node.inode) == null
                        && tree.add(node.freeze())
                        && node instanceof StoreDirectory below) todo.add(below);
            }
        trees.add(tree);
    }

    @Override
    public Duration restore(String name) {
        return store.alone(
                () -> trees.get(name),
                records -> records.restore(name),
                () -> {
                    for (var node : restoreNow(name)) node.vanish();
                });
    }

    /// For within [Store#alone], or when a store is loaded: then records say what becomes of what
    /// the snapshot does not have.
    ///
    /// @return what it does not have
    List<StoreNode> restoreNow(String name) {
        var tree = trees.get(name);
        var others = new ArrayList<StoreNode>();
        for (var node : store.nodes.all()) if (tree.get(node.inode) == null) others.add(node);
        for (var was : tree.nodes()) if (store.nodes.get(was.inode()) == null) make(was);
        long change = store.stamp();
        for (var was : tree.nodes()) {
            var node = store.nodes.get(was.inode());
            if (node != null) node.thaw(was, change);
        }
        return others;
    }

    private void make(Frozen was) {
        var is = was.attributes();
        long number = is.inode();
        store.nodes.add(
                switch (was.type()) {
                    case Mode.REGULAR -> new StoreRegular(store, number, is.born());
                    case Mode.DIRECTORY -> new StoreDirectory(store, number, is.born());
                    case Mode.LINK -> new StoreLink(store, number, is.born(), was.target());
                    default -> new StoreSpecial(store, number, is.born(), was.type(), is.device());
                });
        came(number);
    }

    @Override
    public void delete(String name) {
        var free = new ArrayList<Frozen>();
        store.alone(
                () -> free.addAll(trees.remove(name)),
                records -> records.delete(name),
                () -> free(free));
    }

    @Override
    public FileSystem open(String name) {
        var all = EnumSet.allOf(FileSystem.Capability.class);
        return new FrozenFileSystem(trees, name, all, StoreFileSystem.MAGIC, Extent.PAGE);
    }

    /// For when a store is loaded.
    void deleteNow(String name) {
        free(trees.remove(name));
    }

    private void free(Collection<Frozen> nodes) {
        for (var node : nodes) {
            if (node.content() instanceof FrozenContent file) file.content().drop();
            long number = node.inode();
            if (!trees.has(number) && kept.remove(number)) store.inodes.give(1);
        }
    }

    /// An inode is there, which may be counted for a snapshot already.
    void came(long inode) {
        if (!kept.remove(inode)) store.inodes.count(1);
    }

    /// An inode is no more.
    void gone(long inode) {
        if (trees.has(inode)) kept.add(inode);
        else store.inodes.give(1);
    }

    /// Adds one that was read from a journal, before any inode of the tree was.
    void load(FrozenTree tree) {
        for (var node : tree.nodes()) if (kept.add(node.inode())) store.inodes.count(1);
        trees.add(tree);
    }

    /// All contents, each once.
    Collection<Content> contents() {
        var all = Collections.<Content>newSetFromMap(new IdentityHashMap<>());
        for (var tree : trees.all())
            for (var node : tree.nodes())
                if (node.content() instanceof FrozenContent file) all.add(file.content());
        return all;
    }

    /// What an inode's content is in some snapshot, or null.
    @Nullable Content version(long inode) {
        for (var tree : trees.all()) {
            var node = tree.get(inode);
            if (node != null && node.content() instanceof FrozenContent file) return file.content();
        }
        return null;
    }
}
