package podium.vfs.overlay;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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
    final ReentrantReadWriteLock tree = new ReentrantReadWriteLock(true);

    private final @Nullable FileSystem upper;
    private final List<FileSystem> lowers;
    private final @Nullable Work work;
    private final @Nullable Origins origins;
    private final boolean hardLinks;
    private final OverlayDirectory root;
    private final long secret = ThreadLocalRandom.current().nextLong();

    /// By the nodes of the layers that they stand for.
    private final ConcurrentHashMap<Node, Known> nodes = new ConcurrentHashMap<>();

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

    /// @param upper null for one that nobody writes
    /// @param lowers topmost first
    /// @throws podium.syscall.ErrnoException the upper one does not take what is needed
    OverlayFileSystem(@Nullable FileSystem upper, List<FileSystem> lowers) {
        this.upper = upper;
        this.lowers = lowers;
        work = upper == null ? null : new Work(upper.root());
        origins = upper == null || work == null ? null : new Origins(upper.root(), work);
        hardLinks = upper != null && upper.capabilities().contains(Capability.HARD_LINKS);
        var parts = new ArrayList<Part<Node.Directory>>();
        var top = upper == null ? null : upper.root();
        boolean opaque = top != null && Whiteouts.isOpaque(top);
        for (int i = 0; i < lowers.size() && !opaque; i++) {
            parts.add(new Part<>(i + 1, lowers.get(i).root()));
            opaque = Whiteouts.isOpaque(parts.getLast().node());
        }
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

    /// @throws podium.syscall.ErrnoException `EROFS`
    Origins origins() {
        if (origins == null) throw Errno.EROFS.exception();
        return origins;
    }

    /// Whether the upper layer can give an inode further names.
    boolean hasHardLinks() {
        return hardLinks;
    }

    private Origins.@Nullable Origin origin(int layer, long inode) {
        return layer > 0 || origins == null ? null : origins.of(inode);
    }

    /// The number of a layer's inode, unique among all layers.
    long number(int layer, long inode) {
        var origin = origin(layer, inode);
        if (origin != null) return origin.number();
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
        var node = (OverlayLeaf) alive(part.node());
        if (node == null) {
            var copy = part.layer() == 0 ? null : copy(part);
            if (copy != null) return leaf(new Part<>(0, copy), place);
            node = (OverlayLeaf) node(part.node(), () -> make(part));
        }
        if (place != null) node.found(place);
        return node;
    }

    /// The copy of something with several names in a lower layer, that was written by another one.
    private @Nullable Node copy(Part<Node> part) {
        if (origins == null) return null;
        var of = part.node().attributes();
        return of.links() > 1 ? origins.copy(number(part.layer(), of.inode())) : null;
    }

    /// What stands for a node, if somebody still holds it.
    private @Nullable OverlayNode alive(Node key) {
        var known = nodes.get(key);
        return known == null ? null : known.get();
    }

    private OverlayLeaf make(Part<Node> part) {
        long inode = part.node().attributes().inode();
        long number = number(part.layer(), inode);
        var origin = origin(part.layer(), inode);
        return switch (part.node()) {
            case Node.Regular _ -> new OverlayRegular(this, part, number, origin);
            case Node.Link _ -> new OverlayLink(this, part, number, origin);
            case Node.Special _ -> new OverlaySpecial(this, part, number, origin);
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
        origins().forget(copy.attributes().inode());
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
        if (origins != null) origins.settle();
        if (upper != null) upper.sync();
    }

    @Override
    public void close() {
        if (origins != null) origins.settle();
        if (upper != null) upper.close();
        for (var lower : lowers) lower.close();
    }
}
