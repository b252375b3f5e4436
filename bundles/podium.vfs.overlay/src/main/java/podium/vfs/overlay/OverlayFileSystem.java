package podium.vfs.overlay;

import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;
import podium.vfs.Snapshots;

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

    /// What the mount says that the upper layer is, also where nobody writes it.
    private final @Nullable String upperType;

    /// Whether it is a snapshot: the upper layer is one of its, and the lower ones are lent.
    private final boolean frozen;

    private volatile @Nullable Work work;
    private volatile @Nullable Origins origins;
    private final boolean hardLinks;
    private final OverlayDirectory root;
    private final @Nullable OverlaySnapshots snapshots;
    private final long secret = ThreadLocalRandom.current().nextLong();

    /// Odd while a snapshot is restored.
    private volatile int restores;

    /// While a snapshot is restored; for whoever has the tree.
    private volatile @Nullable Restoration restoration;

    private final Nodes nodes = new Nodes();

    /// @param upper null for one that nobody writes
    /// @param lowers topmost first
    /// @throws podium.syscall.ErrnoException the upper one does not take what is needed
    OverlayFileSystem(@Nullable FileSystem upper, List<FileSystem> lowers) {
        this(upper, lowers, null, false);
    }

    /// @param upperType null when the mount names no upper layer
    OverlayFileSystem(
            @Nullable FileSystem upper,
            List<FileSystem> lowers,
            @Nullable String upperType,
            boolean frozen) {
        this.upper = upper;
        this.lowers = lowers;
        this.upperType = upperType;
        this.frozen = frozen;
        hardLinks = upper != null && upper.capabilities().contains(Capability.HARD_LINKS);
        var top = upper == null ? null : upper.root();
        if (frozen && top != null) origins = Origins.frozen(top);
        else if (top != null) {
            read(top).prepare();
            work().directory();
        }
        var below = lowers(top);
        root = new OverlayDirectory(this, top, below, numberOf(below.topmost(top)));
        // How many of a lower layer's names are left is in the upper one only where that has links.
        boolean keeps = !frozen && hardLinks;
        snapshots = upper != null && keeps ? OverlaySnapshots.of(this, upper) : null;
    }

    /// Reads what the upper layer keeps for it.
    private Origins read(Node.Directory top) {
        var fresh = new Work(top);
        var read = new Origins(top, fresh);
        work = fresh;
        origins = read;
        return read;
    }

    /// What the lower layers have of the root.
    private Lowers lowers(Node.@Nullable Directory top) {
        var parts = new ArrayList<Part<Node.Directory>>();
        boolean opaque = top != null && Whiteouts.isOpaque(top);
        for (int i = 0; i < lowers.size() && !opaque; i++) {
            parts.add(new Part<>(i + 1, lowers.get(i).root()));
            opaque = Whiteouts.isOpaque(parts.getLast().node());
        }
        return new Lowers(List.copyOf(parts), null);
    }

    private long numberOf(Part<Node.Directory> part) {
        return number(part.layer(), part.node().attributes().inode());
    }

    /// The same layers with a snapshot of the upper one.
    OverlayFileSystem then(FileSystem snapshot) {
        return new OverlayFileSystem(snapshot, lowers, null, true);
    }

    @Override
    public @Nullable Snapshots snapshots() {
        return snapshots;
    }

    @Override
    public String withoutSnapshots() {
        var usual = FileSystem.super.withoutSnapshots();
        if (upperType == null) return usual;
        return upper == null
                ? " and read-only, and so keeps no snapshots: mount it to be written"
                : " with an upper layer of type " + upperType + usual;
    }

    /// Leaves files without a name out of the upper layer's tree, and nothing to be noted there.
    /// The tree is locked for writing.
    ///
    /// @throws podium.syscall.ErrnoException `ENOSPC`
    void readyToTake() {
        for (var node : nodes.all()) if (node instanceof OverlayLeaf leaf) leaf.leaveOut();
        if (!origins().settle()) throw Errno.ENOSPC.exception();
    }

    /// Makes the upper layer what it was, and what is in use what it was with that. The tree is
    /// locked for writing.
    ///
    /// @param change what makes the upper layer something else
    void restore(Node.Directory top, Runnable change) {
        int at = restores;
        restores = at + 1;
        try {
            change.run();
            renew(top);
        } finally {
            restores = at + 2;
        }
    }

    private void renew(Node.Directory top) {
        var known = nodes.all();
        nodes.clear();
        try {
            read(top).prepare();
        } catch (ErrnoException e) {
            // Of a tree from before it was an upper layer. They are made when there is room.
            if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) throw e;
        }
        root.bind(top, lowers(top));
        var all = new Restoration(this, root, known);
        restoration = all;
        try {
            all.run();
        } finally {
            restoration = null;
        }
    }

    /// What a snapshot that is being restored has of a node in use, which goes on as that.
    private @Nullable OverlayNode restored(long number, Node as) {
        var all = restoration;
        return all == null ? null : all.take(number, as);
    }

    /// Reads, while nobody restores a snapshot: what is read is all of before, or all of after.
    <T extends @Nullable Object> T steady(Supplier<T> reading) {
        int at = restores;
        try {
            var found = reading.get();
            if (same(at)) return found;
        } catch (RuntimeException e) {
            if (same(at)) throw e;
        }
        tree.readLock().lock();
        try {
            return reading.get();
        } finally {
            tree.readLock().unlock();
        }
    }

    /// Begins what [#steady] does.
    int restores() {
        return restores;
    }

    /// Ends what [#steady] does.
    ///
    /// @return whether no snapshot was restored meanwhile
    boolean same(int at) {
        VarHandle.loadLoadFence();
        return (at & 1) == 0 && restores == at;
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
        if (work == null) throw Errno.EROFS.exception();
    }

    /// @throws podium.syscall.ErrnoException `EROFS`
    Work work() {
        var known = work;
        if (known == null) throw Errno.EROFS.exception();
        return known;
    }

    /// @throws podium.syscall.ErrnoException `EROFS`
    Origins origins() {
        var known = origins;
        if (known == null) throw Errno.EROFS.exception();
        return known;
    }

    /// Whether the upper layer can give an inode further names.
    boolean hasHardLinks() {
        return hardLinks;
    }

    private Origins.@Nullable Origin origin(int layer, long inode) {
        var known = origins;
        return layer > 0 || known == null ? null : known.of(inode);
    }

    /// The number of a layer's inode, unique among all layers.
    long number(int layer, long inode) {
        var origin = origin(layer, inode);
        return origin != null ? origin.number() : own(layer, inode);
    }

    /// The number of an inode that is nobody's copy.
    static long own(int layer, long inode) {
        if (inode >>> LAYER_SHIFT == 0) return inode | (long) layer << LAYER_SHIFT;
        return mixed(inode + layer) & Long.MAX_VALUE | 1L << 62;
    }

    /// The directory that stands for one of the upper layer, or for lower ones.
    OverlayDirectory directory(Node.@Nullable Directory top, Lowers below, Place place) {
        var key = below.topmost(top).node();
        var node = (OverlayDirectory) nodes.get(key, () -> make(top, below));
        node.setPlace(place);
        return node;
    }

    private OverlayDirectory make(Node.@Nullable Directory top, Lowers below) {
        var part = below.topmost(top);
        long number = numberOf(part);
        if (!(restored(number, part.node()) instanceof OverlayDirectory known))
            return new OverlayDirectory(this, top, below, number);
        known.bind(top, below);
        return known;
    }

    /// What stands for something of a layer that is no directory.
    OverlayLeaf leaf(Part<Node> part, @Nullable Place place) {
        var node = (OverlayLeaf) nodes.get(part.node());
        if (node == null) {
            var copy = part.layer() == 0 ? null : copy(part);
            node =
                    copy != null
                            ? leaf(new Part<>(0, copy), null)
                            : (OverlayLeaf) nodes.get(part.node(), () -> make(part));
        }
        if (place == null) return node;
        if (part.layer() > 0) node.setTrail(place.directory().trail(place.name()));
        node.found(place);
        return node;
    }

    /// Looks up the copy of something with several names in a lower layer, if there is one.
    void findCopy(long number) {
        var copy = origins().copy(number);
        if (copy != null) leaf(new Part<>(0, copy), null);
    }

    /// The copy of something with several names in a lower layer, that was written by another one.
    private @Nullable Node copy(Part<Node> part) {
        var known = origins;
        if (known == null) return null;
        var of = part.node().attributes();
        return of.links() > 1 ? known.copy(number(part.layer(), of.inode())) : null;
    }

    private OverlayLeaf make(Part<Node> part) {
        long inode = part.node().attributes().inode();
        long number = number(part.layer(), inode);
        var origin = origin(part.layer(), inode);
        if (restored(number, part.node()) instanceof OverlayLeaf known) {
            known.bind(part, origin);
            return known;
        }
        return switch (part.node()) {
            case Node.Regular _ -> new OverlayRegular(this, part, number, origin);
            case Node.Link _ -> new OverlayLink(this, part, number, origin);
            case Node.Special _ -> new OverlaySpecial(this, part, number, origin);
            case Node.Directory _ -> throw new IllegalArgumentException();
        };
    }

    /// A node stands for something of a layer, too, from now on. The tree is locked.
    void copied(OverlayNode node, Node copy) {
        nodes.put(copy, node);
    }

    /// Keeps an inode as long as the mount.
    void pin(OverlayNode node) {
        nodes.pin(node);
    }

    /// An inode exists no longer.
    void forget(OverlayNode node, @Nullable Node lower, @Nullable Node copy) {
        nodes.unpin(node);
        if (lower != null) nodes.remove(lower, node);
        if (copy == null) return;
        nodes.remove(copy, node);
        origins().forget(copy.attributes().inode());
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
        boolean written = work != null;
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
        settle();
        if (upper != null) upper.sync();
    }

    /// Not while a snapshot is taken or restored.
    private void settle() {
        tree.readLock().lock();
        try {
            var known = origins;
            if (known != null) known.settle();
        } finally {
            tree.readLock().unlock();
        }
    }

    @Override
    public void close() {
        settle();
        if (upper != null) upper.close();
        if (!frozen) for (var lower : lowers) lower.close();
    }
}
