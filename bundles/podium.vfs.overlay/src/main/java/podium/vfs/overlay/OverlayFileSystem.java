package podium.vfs.overlay;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// File systems laid over each other: what the upper one has hides what the lower ones have of the
/// same name, directories are one, and changes go to the upper one alone.
final class OverlayFileSystem implements FileSystem {

    /// OVERLAYFS_SUPER_MAGIC (linux/magic.h).
    private static final long MAGIC = 0x794c_7630L;

    private static final int LAYER_SHIFT = 48;

    /// Held for reading while names are looked up in several layers, and for writing while they
    /// change.
    final ReentrantReadWriteLock tree = new ReentrantReadWriteLock();

    private final @Nullable FileSystem upper;
    private final List<FileSystem> lowers;
    private final @Nullable Work work;
    private final OverlayDirectory root;
    private final long secret = ThreadLocalRandom.current().nextLong();

    /// By the nodes of the layers that they stand for.
    private final ConcurrentHashMap<Node, Known> nodes = new ConcurrentHashMap<>();

    private final ReferenceQueue<OverlayNode> forgotten = new ReferenceQueue<>();

    /// Of copies: the number of the inode in the upper layer, and the one it had before.
    private final Map<Long, Long> numbers = new ConcurrentHashMap<>();

    /// Inodes of lower layers with several names, some of which lead elsewhere by now.
    private final Set<OverlayNode> pinned = ConcurrentHashMap.newKeySet();

    private static final class Known extends WeakReference<OverlayNode> {

        private final Node key;

        Known(OverlayNode node, Node key, ReferenceQueue<OverlayNode> queue) {
            super(node, queue);
            this.key = key;
        }
    }

    /// @param upper null for one that nobody writes
    /// @param lowers topmost first
    /// @throws podium.syscall.ErrnoException the upper one does not take what is needed
    OverlayFileSystem(@Nullable FileSystem upper, List<FileSystem> lowers) {
        this.upper = upper;
        this.lowers = lowers;
        work = upper == null ? null : new Work(upper.root());
        var parts = new ArrayList<Part<Node.Directory>>();
        for (var lower : lowers) parts.add(new Part<>(parts.size() + 1, lower.root()));
        var top = upper == null ? null : upper.root();
        root = new OverlayDirectory(this, top, List.copyOf(parts), numberOf(top, parts));
    }

    private long numberOf(Node.@Nullable Directory top, List<Part<Node.Directory>> below) {
        var node = top != null ? top : below.getFirst().node();
        return number(top != null ? 0 : below.getFirst().layer(), node.attributes().inode());
    }

    @Override
    public Node.Directory root() {
        return root;
    }

    @Override
    public Set<Capability> capabilities() {
        var all = EnumSet.copyOf((upper == null ? lowers.getFirst() : upper).capabilities());
        if (upper == null) all.remove(Capability.WRITE);
        return all;
    }

    @Override
    public boolean stable() {
        for (var lower : lowers) if (!lower.stable()) return false;
        return upper == null || upper.stable();
    }

    /// @throws podium.syscall.ErrnoException `EROFS`
    void checkWritable() {
        if (upper == null) throw Errno.EROFS.exception();
    }

    /// @throws podium.syscall.ErrnoException `EROFS`
    Work work() {
        if (work == null) throw Errno.EROFS.exception();
        return work;
    }

    /// The number of a layer's inode, unique among all layers.
    long number(int layer, long inode) {
        var before = layer == 0 ? numbers.get(inode) : null;
        if (before != null) return before;
        if (inode >>> LAYER_SHIFT == 0) return inode | (long) layer << LAYER_SHIFT;
        return mixed(inode + layer) & Long.MAX_VALUE | 1L << 62;
    }

    /// The directory that stands for one of the upper layer, or for lower ones.
    OverlayDirectory directory(
            Node.@Nullable Directory top, List<Part<Node.Directory>> below, Place place) {
        var key = top != null ? top : below.getFirst().node();
        var node =
                (OverlayDirectory)
                        node(
                                key,
                                () -> new OverlayDirectory(this, top, below, numberOf(top, below)));
        node.setPlace(place);
        return node;
    }

    /// What stands for something of a layer that is no directory.
    OverlayLeaf leaf(Part<Node> part, @Nullable Place place) {
        var node =
                (OverlayLeaf)
                        node(
                                part.node(),
                                () -> {
                                    long inode = part.node().attributes().inode();
                                    return make(part, number(part.layer(), inode));
                                });
        if (place != null) node.found(place);
        return node;
    }

    private OverlayLeaf make(Part<Node> part, long number) {
        return switch (part.node()) {
            case Node.Regular _ -> new OverlayRegular(this, part, number);
            case Node.Link _ -> new OverlayLink(this, part, number);
            case Node.Special _ -> new OverlaySpecial(this, part, number);
            case Node.Directory _ -> throw new IllegalArgumentException();
        };
    }

    private OverlayNode node(Node key, java.util.function.Supplier<OverlayNode> maker) {
        tidy();
        for (; ; ) {
            var known = nodes.get(key);
            var node = known == null ? null : known.get();
            if (node != null) return node;
            node = maker.get();
            var fresh = new Known(node, key, forgotten);
            boolean first =
                    known == null
                            ? nodes.putIfAbsent(key, fresh) == null
                            : nodes.replace(key, known, fresh);
            if (first) return node;
        }
    }

    private void tidy() {
        for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll())
            if (gone instanceof Known known) nodes.remove(known.key, known);
    }

    /// The upper layer has something from now on. The tree is locked.
    void copied(OverlayNode node, Node copy) {
        numbers.put(copy.attributes().inode(), node.number);
        nodes.put(copy, new Known(node, copy, forgotten));
    }

    /// Keeps an inode as long as the mount.
    void pin(OverlayNode node) {
        pinned.add(node);
    }

    /// An inode exists no longer.
    void forget(OverlayNode node, @Nullable Node lower, @Nullable Node copy) {
        pinned.remove(node);
        if (lower != null) remove(lower, node);
        if (copy == null) return;
        remove(copy, node);
        numbers.remove(copy.attributes().inode(), node.number);
    }

    private void remove(Node key, OverlayNode node) {
        var known = nodes.get(key);
        if (known != null && known.get() == node) nodes.remove(key, known);
    }

    /// Where a name stands in its directory.
    long cookie(String name) {
        long hash = secret;
        for (byte b : name.getBytes(StandardCharsets.UTF_16LE)) hash = mixed(hash ^ b);
        return (hash >>> 2) + 1;
    }

    /// A permutation of all numbers (the finalizer of MurmurHash3).
    private static long mixed(long number) {
        number = (number ^ number >>> 33) * 0xff51_afd7_ed55_8ccdL;
        number = (number ^ number >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return number ^ number >>> 33;
    }

    @Override
    public Statistics statistics() {
        var of = (upper == null ? lowers.getFirst() : upper).statistics();
        boolean written = upper != null;
        return new Statistics(
                MAGIC,
                of.blockSize(),
                of.blocks(),
                written ? of.free() : 0,
                of.files(),
                written ? of.freeFiles() : 0);
    }

    @Override
    public void sync() {
        if (upper != null) upper.sync();
    }

    @Override
    public void close() {
        if (upper != null) upper.close();
        for (var lower : lowers) lower.close();
    }
}
