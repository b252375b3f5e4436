package podium.vfs.overlay;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.ErrnoException;
import podium.vfs.Mode;
import podium.vfs.Node;

/// Lets nodes in use go on as what a snapshot has of their numbers, when the upper layer has become
/// what it was. Whoever looks up a name meanwhile takes the node of that number from here. So what
/// is to be done is to look up names: all in the upper layer that lead to nodes in use or to
/// directories; then those under which the lower layers have what is still missing; and if there is
/// something of theirs of which that is not known, all.
///
/// For one thread, which has locked the tree for writing.
final class Restoration {

    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final OverlayFileSystem fs;
    private final OverlayDirectory root;

    /// What was not found yet, by number.
    private final Map<Long, OverlayNode> missing = new HashMap<>();

    /// What was found where a trail leads.
    private final Map<Trail, @Nullable OverlayNode> followed = new IdentityHashMap<>();

    private boolean warned;

    Restoration(OverlayFileSystem fs, OverlayDirectory root, List<OverlayNode> inUse) {
        this.fs = fs;
        this.root = root;
        for (var node : inUse) missing.put(node.number, node);
    }

    /// The node of a number, if it was not found yet.
    ///
    /// @param as what a layer has of that number
    @Nullable OverlayNode take(long number, Node as) {
        var node = missing.get(number);
        if (node == null) return null;
        boolean alike =
                switch (as) {
                    case Node.Directory _ -> node instanceof OverlayDirectory;
                    case Node.Regular _ -> node instanceof OverlayRegular;
                    case Node.Link _ -> node instanceof OverlayLink;
                    case Node.Special _ -> node instanceof OverlaySpecial;
                };
        if (!alike) return null;
        missing.remove(number);
        return node;
    }

    void run() {
        walk(missing.keySet(), true);
        for (var node : List.copyOf(missing.values())) {
            findCopy(node);
            var trail = node.trail();
            if (trail != null && missing.containsKey(node.number)) follow(trail);
        }
        var anywhere = new HashSet<Long>();
        for (var node : missing.values()) if (mayBeAnywhere(node)) anywhere.add(node.number);
        walk(anywhere, false);
        missing.values().forEach(OverlayNode::vanish);
    }

    /// Whether a lower layer may have it, nobody knows where: it was a copy when this mount found
    /// it.
    private static boolean mayBeAnywhere(OverlayNode node) {
        if (node.trail() != null || !node.isUpper()) return false;
        return node.number != OverlayFileSystem.own(0, node.current().attributes().inode());
    }

    /// Looks up the names that lead to some numbers, until all are found.
    ///
    /// @param upper only those that the upper layer has
    private void walk(Set<Long> numbers, boolean upper) {
        var todo = new ArrayDeque<OverlayDirectory>(List.of(root));
        for (var at = todo.poll(); at != null && !numbers.isEmpty(); at = todo.poll())
            for (var entry : entries(at, upper)) {
                boolean directory = entry.type() == Mode.DIRECTORY;
                if (!directory && !numbers.contains(entry.inode())) continue;
                var found = find(at, entry.name());
                if (found == null) continue;
                numbers.remove(found.number);
                if (found instanceof OverlayDirectory below && (!upper || below.isUpper()))
                    todo.add(below);
            }
    }

    private List<Node.Entry> entries(OverlayDirectory of, boolean upper) {
        try {
            return upper ? of.allUpper() : of.all();
        } catch (ErrnoException e) {
            warn(e);
            return List.of();
        }
    }

    /// One with several names in a lower layer may be a copy that only those lead to, and of them
    /// others than the one by which it was found.
    private void findCopy(OverlayNode node) {
        try {
            if (node instanceof OverlayLeaf) fs.findCopy(node.number);
        } catch (ErrnoException e) {
            warn(e);
        }
    }

    private void follow(Trail trail) {
        var way = new ArrayDeque<Trail>();
        for (var at = trail; at != null && !followed.containsKey(at); at = at.in()) way.push(at);
        var start = way.isEmpty() ? trail : way.peek().in();
        OverlayNode node = start == null ? root : followed.get(start);
        for (var next : way) {
            node = node instanceof OverlayDirectory in ? find(in, next.name()) : null;
            followed.put(next, node);
        }
    }

    private @Nullable OverlayNode find(OverlayDirectory in, String name) {
        try {
            return in.find(name);
        } catch (ErrnoException e) {
            warn(e);
            return null;
        }
    }

    /// What a layer cannot tell is not found, as it would not be by programs.
    private void warn(ErrnoException e) {
        if (warned) return;
        warned = true;
        LOG.warn("a layer could not be read while a snapshot was restored: {}", e.errno().text());
    }
}
