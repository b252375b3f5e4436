package podium.vfs.backend;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.vfs.Mode;

/// A snapshot: the inodes of a tree, by number. Compact, since there may be millions in each of
/// many.
public final class FrozenTree {

    private static final Frozen[] NONE = {};

    private final String name;
    private final long taken;
    private final long root;
    private long bytes;

    /// While it is made; null when it is complete.
    private @Nullable Map<Long, Frozen> made = new HashMap<>();

    /// When it is complete, in the order of numbers.
    private Frozen[] nodes = NONE;

    /// How many have it open. Guarded by [FrozenTrees].
    int users;

    /// @param taken nanoseconds since the epoch
    /// @param root the root directory's number
    public FrozenTree(String name, long taken, long root) {
        this.name = name;
        this.taken = taken;
        this.root = root;
    }

    /// Adds an inode, while it is made.
    ///
    /// @return whether it was not there
    public boolean add(Frozen node) {
        if (made == null) throw new IllegalStateException("it is complete");
        if (made.putIfAbsent(node.inode(), node) != null) return false;
        if (node.type() == Mode.REGULAR) bytes += 512 * node.attributes().blocks();
        return true;
    }

    /// Ends its making.
    void complete() {
        if (made == null) return;
        nodes = made.values().toArray(NONE);
        Arrays.sort(nodes, Comparator.comparingLong(Frozen::inode));
        made = null;
    }

    public String name() {
        return name;
    }

    public long taken() {
        return taken;
    }

    public @Nullable Frozen get(long inode) {
        if (made != null) return made.get(inode);
        int low = 0;
        int high = nodes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (nodes[middle].inode() < inode) low = middle + 1;
            else high = middle;
        }
        return low < nodes.length && nodes[low].inode() == inode ? nodes[low] : null;
    }

    /// @throws IllegalStateException it was never added
    public Frozen root() {
        var found = get(root);
        if (found == null) throw new IllegalStateException("a snapshot without a root");
        return found;
    }

    /// Its inodes, when it is complete.
    public List<Frozen> nodes() {
        return Arrays.asList(nodes);
    }

    public int size() {
        return made == null ? nodes.length : made.size();
    }

    /// Content that files held.
    public long bytes() {
        return bytes;
    }
}
