package podium.vfs.memory;

import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.Node;
import podium.vfs.Snapshots;
import podium.vfs.backend.FrozenTrees;
import podium.vfs.backend.Quota;

/// A tree in memory. With a base it begins as the base's tree: directories are taken over when they
/// are first looked at, contents when they are first written.
final class MemoryFileSystem implements FileSystem {

    /// TMPFS_MAGIC (linux/magic.h).
    static final long MAGIC = 0x0102_1994;

    static final int BLOCK = 4096;

    final Quota bytes;
    final Quota inodes;

    /// Held while names change; taken before any directory's own monitor.
    final Object tree = new Object();

    final FrozenTrees trees = new FrozenTrees();

    /// Files without a name that had one and are open.
    final Set<MemoryRegular> orphans = ConcurrentHashMap.newKeySet();

    /// Numbers of inodes that only snapshots have, and that are counted for them.
    private final Set<Long> kept = new HashSet<>();

    private final MemorySnapshots snapshots = new MemorySnapshots(this);
    private final AtomicLong numbers = new AtomicLong(1);
    private final @Nullable FileSystem base;
    private final Map<Node, MemoryNode> shared = new IdentityHashMap<>();
    private final MemoryDirectory root;

    MemoryFileSystem(MemoryOptions options, @Nullable FileSystem base) {
        this.base = base;
        bytes = options.limits().content(1);
        inodes = options.limits().nodes();
        var origin = base == null ? null : base.root();
        root =
                new MemoryDirectory(
                        this, options.mode(), options.uid(), options.gid(), origin, false);
    }

    long number() {
        return numbers.getAndIncrement();
    }

    /// Nanoseconds since the epoch.
    static long now() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /// An inode is no more.
    ///
    /// @return whether it is counted further on, for a snapshot
    boolean keep(long inode) {
        // Nearly always.
        if (!trees.has(inode)) return false;
        synchronized (kept) {
            return trees.has(inode) && kept.add(inode);
        }
    }

    /// An inode is there again.
    ///
    /// @return whether it is counted already
    boolean takeKept(long inode) {
        synchronized (kept) {
            return kept.remove(inode);
        }
    }

    /// A snapshot no longer has an inode.
    void letGo(long inode) {
        synchronized (kept) {
            if (kept.contains(inode) && !trees.has(inode) && kept.remove(inode)) inodes.give(1);
        }
    }

    /// The inode that stands for a base's one with several names, made once.
    MemoryNode shared(Node origin, java.util.function.Function<Node, MemoryNode> maker) {
        synchronized (shared) {
            return shared.computeIfAbsent(origin, maker);
        }
    }

    @Override
    public Node.Directory root() {
        return root;
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.DURABLE));
    }

    @Override
    public Statistics statistics() {
        long blocks = bytes.limit / BLOCK;
        long free = Math.max(0, blocks - (bytes.used() + BLOCK - 1) / BLOCK);
        return new Statistics(
                MAGIC,
                BLOCK,
                blocks,
                free,
                inodes.limit,
                Math.max(0, inodes.limit - inodes.used()));
    }

    @Override
    public Snapshots snapshots() {
        return snapshots;
    }

    @Override
    public void sync() {}

    @Override
    public void close() {
        if (base != null) base.close();
    }
}
