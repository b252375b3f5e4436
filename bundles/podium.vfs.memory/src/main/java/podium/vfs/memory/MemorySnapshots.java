package podium.vfs.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;
import podium.vfs.backend.Frozen;
import podium.vfs.backend.FrozenFileSystem;
import podium.vfs.backend.FrozenTree;

/// Keeps the inodes of a tree, each as long as it does not change once for all snapshots, and
/// shares
/// chunks of content with them. What the base of the file system has is taken over for it, but for
/// content.
record MemorySnapshots(MemoryFileSystem fs) implements Snapshots {

    @Override
    public List<Snapshot> list() {
        return fs.trees.list(
                node -> node.content() instanceof FrozenContent now ? now.chunks().own() : 0);
    }

    @Override
    public Duration take(String name) {
        long start = System.nanoTime();
        synchronized (fs.tree) {
            fs.trees.checkNew(name);
            var root = (MemoryDirectory) fs.root();
            var tree = new FrozenTree(name, MemoryFileSystem.now(), root.inode);
            for (var node : all()) tree.add(node.freeze());
            fs.trees.add(tree);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// The inodes that have a name. The tree's monitor is held.
    private List<MemoryNode> all() {
        var seen = new HashMap<Long, MemoryNode>();
        var todo = new ArrayDeque<MemoryDirectory>();
        var root = (MemoryDirectory) fs.root();
        seen.put(root.inode, root);
        todo.add(root);
        for (var at = todo.poll(); at != null; at = todo.poll())
            for (var node : at.children())
                if (seen.putIfAbsent(node.inode, node) == null
                        && node instanceof MemoryDirectory below) todo.add(below);
        return new ArrayList<>(seen.values());
    }

    @Override
    public Duration restore(String name) {
        long start = System.nanoTime();
        synchronized (fs.tree) {
            var tree = fs.trees.get(name);
            var live = all();
            live.addAll(fs.orphans);
            var nodes = new HashMap<Long, MemoryNode>();
            for (var node : live) if (tree.get(node.inode) != null) nodes.put(node.inode, node);
            for (var was : tree.nodes()) nodes.computeIfAbsent(was.inode(), _ -> made(was));
            for (var was : tree.nodes()) thaw(was, nodes);
            for (var node : live)
                if (tree.get(node.inode) == null && node.attributes().links() > 0) node.vanish();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void thaw(Frozen was, Map<Long, MemoryNode> nodes) {
        var node = nodes.get(was.inode());
        if (node != null) node.thaw(was, nodes);
    }

    private MemoryNode made(Frozen was) {
        boolean counted = fs.takeKept(was.inode());
        return switch (was.type()) {
            case Mode.REGULAR -> new MemoryRegular(fs, was, counted);
            case Mode.DIRECTORY -> new MemoryDirectory(fs, was, counted);
            case Mode.LINK -> new MemoryLink(fs, was, counted);
            default -> new MemorySpecial(fs, was, counted);
        };
    }

    @Override
    public void delete(String name) {
        for (var node : fs.trees.remove(name)) {
            if (node.content() instanceof FrozenContent content) content.chunks().clear();
            fs.letGo(node.inode());
        }
    }

    @Override
    public FileSystem open(String name) {
        return new FrozenFileSystem(
                fs.trees, name, fs.capabilities(), MemoryFileSystem.MAGIC, MemoryFileSystem.BLOCK);
    }
}
