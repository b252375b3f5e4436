package podium.vfs.migrate;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import podium.vfs.Node;

/// A directory in the new tree's root, for copies that have no place in the tree, or none yet:
/// their
/// source was removed, or moved to where we have not looked yet. Gone before anybody else sees the
/// tree.
final class Parking {

    private static final int AT_ONCE = 256;

    private final Node.Directory root;
    private final String name = ".podium-" + java.util.UUID.randomUUID();
    private final Map<Node, Place> parked = new HashMap<>();
    private Node.@Nullable Directory directory;
    private boolean used;
    private long names;
    private long round;

    private record Place(String name, long round) {}

    Parking(Node.Directory root) {
        this.root = root;
    }

    /// Whether the root's times have changed for it.
    boolean isUsed() {
        return used;
    }

    /// Whether it is its own name in the root.
    boolean isCalled(String name) {
        return this.name.equals(name);
    }

    boolean has(Node copy) {
        return parked.containsKey(copy);
    }

    private Node.Directory directory() {
        if (directory == null) directory = root.createDirectory(name, 0700, 0, 0);
        used = true;
        return directory;
    }

    private String name(Node copy) {
        var name = Long.toString(names++);
        parked.put(copy, new Place(name, round));
        return name;
    }

    void take(Node.Directory from, String name, Node copy) {
        from.rename(name, directory(), name(copy), false);
    }

    void give(Node copy, Node.Directory to, String name) {
        var place = parked.remove(copy);
        if (place == null) throw new IllegalStateException("not parked");
        directory().rename(place.name, to, name, false);
    }

    /// Makes a file that has no place.
    Node.Regular create(int uid, int gid) {
        var name = Long.toString(names++);
        var file = directory().create(name, 0600, uid, gid);
        parked.put(file, new Place(name, round));
        return file;
    }

    /// Removes what was parked before the round that ends, or all.
    ///
    /// @param gone is told of each copy that lost a name
    void purge(boolean all, Consumer<Node> gone) {
        for (var entry : Map.copyOf(parked).entrySet()) {
            if (!all && entry.getValue().round >= round) continue;
            parked.remove(entry.getKey());
            remove(directory(), entry.getValue().name, gone);
        }
        round++;
        if (directory == null || !parked.isEmpty()) return;
        root.removeDirectory(name);
        directory = null;
    }

    /// Removes itself, and what else was copied to the root.
    void discard(Set<String> names) {
        for (var name : names) remove(root, name, _ -> {});
        if (directory != null) remove(root, name, _ -> {});
        directory = null;
    }

    private record Level(Node.Directory directory, String name, Node.Directory below) {}

    /// Removes a tree, however deep.
    private static void remove(Node.Directory from, String name, Consumer<Node> gone) {
        var way = new ArrayDeque<Level>();
        if (!removeOne(from, name, gone, way)) return;
        while (!way.isEmpty()) {
            var level = way.peek();
            var some = level.below.entries(0, AT_ONCE);
            if (some.isEmpty()) {
                level.directory.removeDirectory(level.name);
                gone.accept(level.below);
                way.pop();
                continue;
            }
            for (var entry : some) if (removeOne(level.below, entry.name(), gone, way)) break;
        }
    }

    /// @return whether it is a directory, which is to be emptied first
    private static boolean removeOne(
            Node.Directory from, String name, Consumer<Node> gone, ArrayDeque<Level> way) {
        var node = from.lookup(name);
        if (node instanceof Node.Directory below) {
            way.push(new Level(from, name, below));
            return true;
        }
        if (node == null) return false;
        from.unlink(name);
        gone.accept(node);
        return false;
    }
}
