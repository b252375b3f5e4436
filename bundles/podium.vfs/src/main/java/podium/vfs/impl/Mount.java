package podium.vfs.impl;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.MountSpec;
import podium.vfs.Node;

/// A file system at a place. Counted: open files, roots, working directories and mounts on it use
/// it. Thread-safe.
final class Mount {

    /// The count of a mount that nobody can begin to use any more.
    private static final int ENDED = Integer.MIN_VALUE / 2;

    private static final int MOST_RECENT = 8192;

    final Namespace namespace;
    final MountSpec spec;
    final FileSystem fs;
    final long device;
    final boolean stable;
    private final boolean readOnly;
    private final @Nullable Entry point;
    private final Entry root;
    private final AtomicInteger users = new AtomicInteger();
    private volatile boolean detached;
    private volatile boolean closed;

    private final ConcurrentHashMap<Node, Known> inodes = new ConcurrentHashMap<>();

    /// Receives the weak references whose objects are gone.
    final ReferenceQueue<Object> forgotten = new ReferenceQueue<>();

    private Entry[] recent = new Entry[64];
    private int recentAt;

    /// @param point what it is mounted on; null for the namespace's root and hidden mounts
    Mount(Namespace namespace, MountSpec spec, FileSystem fs, long device, @Nullable Entry point) {
        this.namespace = namespace;
        this.spec = spec;
        this.fs = fs;
        this.device = device;
        this.point = point;
        stable = fs.stable();
        readOnly = spec.readOnly() || !fs.capabilities().contains(FileSystem.Capability.WRITE);
        root = new Entry(this, null, "", inode(fs.root()));
    }

    Entry root() {
        return root;
    }

    /// What it is mounted on; null when nothing, or no longer.
    @Nullable Entry point() {
        return detached ? null : point;
    }

    /// Whether it has no place in the tree from the start, as that of memory files.
    boolean hidden() {
        return point == null && this != namespace.rootMount();
    }

    boolean readOnly() {
        return readOnly;
    }

    boolean detached() {
        return detached;
    }

    /// Whether it was closed under its open files, which get EIO from then on.
    boolean closed() {
        return closed;
    }

    /// Uses at present.
    int users() {
        return Math.max(0, users.get());
    }

    /// Begins a use.
    ///
    /// @return false when it was unmounted
    boolean acquire() {
        for (; ; ) {
            int now = users.get();
            if (now < 0) return false;
            if (users.compareAndSet(now, now + 1)) return true;
        }
    }

    void release() {
        if (users.decrementAndGet() == 0 && detached && users.compareAndSet(0, ENDED)) end();
    }

    /// Lets nobody begin to use it, if nobody does.
    boolean retire() {
        return users.compareAndSet(0, ENDED);
    }

    /// Takes it out of the tree; it is closed with its last use.
    void detach() {
        detached = true;
        if (users.compareAndSet(0, ENDED)) end();
    }

    /// Closes it, used or not.
    void end() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        if (point != null) point.mount.release();
        fs.close();
    }

    /// The inode of a node, the same one while somebody holds it.
    Inode inode(Node node) {
        tidy();
        var known = inodes.get(node);
        var inode = known == null ? null : known.get();
        if (inode != null) return inode;
        var fresh = new Inode(this, node);
        for (; ; ) {
            known = inodes.putIfAbsent(node, new Known(fresh, node, forgotten));
            if (known == null) return fresh;
            inode = known.get();
            if (inode != null) return inode;
            inodes.remove(node, known);
        }
    }

    /// Keeps an entry for a while.
    void recent(Entry entry) {
        synchronized (forgotten) {
            if (recentAt == recent.length) {
                if (recentAt < MOST_RECENT) recent = Arrays.copyOf(recent, recentAt * 2);
                else recentAt = 0;
            }
            recent[recentAt++] = entry;
        }
    }

    private void tidy() {
        for (Object gone = forgotten.poll(); gone != null; gone = forgotten.poll())
            switch (gone) {
                case Entry.Child child -> child.tidy();
                case Known known -> inodes.remove(known.node, known);
                default -> throw new IllegalStateException(gone.toString());
            }
    }

    private static final class Known extends WeakReference<Inode> {

        private final Node node;

        Known(Inode inode, Node node, ReferenceQueue<Object> queue) {
            super(inode, queue);
            this.node = node;
        }
    }
}
