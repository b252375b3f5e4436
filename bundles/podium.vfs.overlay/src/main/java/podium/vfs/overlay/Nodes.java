package podium.vfs.overlay;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.vfs.Node;

/// The inodes of an overlay that somebody holds, by the nodes of the layers that they stand for.
/// Thread-safe.
final class Nodes {

    private final ConcurrentHashMap<Node, Known> known = new ConcurrentHashMap<>();
    private final ReferenceQueue<OverlayNode> forgotten = new ReferenceQueue<>();

    /// Inodes of lower layers with several names, some of which lead elsewhere by now.
    private final Set<OverlayNode> pinned = ConcurrentHashMap.newKeySet();

    private static final class Known extends WeakReference<OverlayNode> {

        private final Node key;

        Known(OverlayNode node, Node key, ReferenceQueue<OverlayNode> queue) {
            super(node, queue);
            this.key = key;
        }
    }

    /// What stands for a node, or null.
    @Nullable OverlayNode get(Node key) {
        var there = known.get(key);
        return there == null ? null : there.get();
    }

    /// What stands for a node, made if there is nothing.
    OverlayNode get(Node key, Supplier<OverlayNode> maker) {
        tidy();
        for (; ; ) {
            var there = known.get(key);
            var node = there == null ? null : there.get();
            if (node != null) return node;
            node = maker.get();
            var fresh = new Known(node, key, forgotten);
            boolean first =
                    there == null
                            ? known.putIfAbsent(key, fresh) == null
                            : known.replace(key, there, fresh);
            if (first) return node;
        }
    }

    private void tidy() {
        for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll())
            if (gone instanceof Known one) known.remove(one.key, one);
    }

    /// It stands for a node, too, from now on.
    void put(Node key, OverlayNode node) {
        known.put(key, new Known(node, key, forgotten));
    }

    /// Keeps one as long as the mount.
    void pin(OverlayNode node) {
        pinned.add(node);
    }

    void unpin(OverlayNode node) {
        pinned.remove(node);
    }

    /// It does not stand for a node any more.
    void remove(Node key, OverlayNode node) {
        var there = known.get(key);
        if (there != null && there.get() == node) known.remove(key, there);
    }

    /// Those that there are, each once.
    List<OverlayNode> all() {
        var all = new LinkedHashSet<OverlayNode>();
        for (var one : known.values()) {
            var node = one.get();
            if (node != null) all.add(node);
        }
        return List.copyOf(all);
    }

    void clear() {
        known.clear();
        pinned.clear();
    }
}
