package podium.vfs.impl;

import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.vfs.ChangeSource;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.migrate.DirtyLog;

/// A file system at a place. Counted: open files, roots, working directories and mounts on it use
/// it. Thread-safe.
final class Mount {

    /// The count of a mount that nobody can begin to use any more.
    private static final int ENDED = Integer.MIN_VALUE / 2;

    final Namespace namespace;
    final long device;

    /// Entered by whatever an exchange of the backend must not overtake.
    final Gate gate = new Gate();

    final Activity activity = new Activity();

    private volatile Backend backend;

    /// Odd while the nodes of another backend take the place of the present one's.
    private volatile int exchanges;

    /// Grows when names may lead to something else than before.
    private volatile int era;

    /// Where changes are noted while what is here moves to another backend.
    private volatile @Nullable DirtyLog dirty;

    private final @Nullable Entry point;
    private final Entry root;
    private final AtomicInteger users = new AtomicInteger();
    private volatile boolean detached;
    private volatile boolean closed;

    /// Each an [Inode] while it has the one name by which it was made, and that is a recent one;
    /// else a [Known]. Replaced while the gate is shut.
    private volatile ConcurrentHashMap<Node, Object> inodes = new ConcurrentHashMap<>();

    /// Who the inodes of a former backend were; null while this is the first one.
    private volatile @Nullable Identities identities;

    /// Receives the weak references whose objects are gone.
    final ReferenceQueue<Object> forgotten = new ReferenceQueue<>();

    private final Recent recent = new Recent();

    /// @param point what it is mounted on; null for the namespace's root and hidden mounts
    Mount(Namespace namespace, Backend backend, long device, @Nullable Entry point) {
        this.namespace = namespace;
        this.device = device;
        this.point = point;
        this.backend = backend;
        root = new Entry(this, null, "", inode(backend.fs().root()));
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

    Backend backend() {
        return backend;
    }

    MountSpec spec() {
        return backend.spec();
    }

    FileSystem fs() {
        return backend.fs();
    }

    boolean readOnly() {
        return backend.readOnly();
    }

    /// As [FileSystem#stable].
    boolean stable() {
        return backend.stable();
    }

    /// As [FileSystem#changes].
    @Nullable ChangeSource changes() {
        return backend.fs().changes();
    }

    FileSystem.Statistics statistics() {
        return steady(() -> fs().statistics());
    }

    void sync() {
        steadySync(() -> fs().sync());
    }

    /// Makes something durable, as [#steady].
    void steadySync(Runnable work) {
        try {
            activity.sync(
                    () ->
                            steady(
                                    () -> {
                                        work.run();
                                        return true;
                                    }));
        } catch (ErrnoException e) {
            throw activity.failed(e);
        }
    }

    /// Reads, without holding up an exchange of the backend: when one came in between, what was
    /// read, or what failed, is the old backend's, which may be closed by now, and this reads
    /// again. (What the old one said until then was right: nothing had changed since.)
    <T extends @Nullable Object> T steady(Supplier<T> reading) {
        for (; ; ) {
            int at = exchanges();
            try {
                var found = reading.get();
                if (same(at)) return found;
            } catch (RuntimeException e) {
                if (same(at)) throw e;
            }
        }
    }

    /// Begins what [#steady] does.
    int exchanges() {
        int at = exchanges;
        while ((at & 1) != 0) {
            Thread.onSpinWait();
            at = exchanges;
        }
        return at;
    }

    /// Ends what [#steady] does.
    ///
    /// @return whether no exchange came in between
    boolean same(int at) {
        VarHandle.loadLoadFence();
        return exchanges == at;
    }

    int era() {
        return era;
    }

    /// A snapshot was restored: names may lead to something else than before. The gate is shut.
    void restored() {
        nextEra();
        for (var inode : inodes()) inode.restored();
    }

    /// As [#restored], when the gate is open again: somebody may have found a name before and
    /// remembered it only now. Whoever locks a directory's names from now on has begun later.
    void settle() {
        for (var inode : inodes()) {
            if (!(inode instanceof DirectoryInode directory)) continue;
            directory.names.lock();
            directory.names.unlock();
        }
        nextEra();
    }

    private synchronized void nextEra() {
        era = era + 1;
        namespace.moved();
    }

    /// Where changes are to be noted; null while nobody wants to know. To be asked after the
    /// change.
    @Nullable DirtyLog dirty() {
        return dirty;
    }

    /// @return whether nobody else moves it
    synchronized boolean begin(DirtyLog log) {
        if (dirty != null || closed) return false;
        dirty = log;
        return true;
    }

    void end(DirtyLog log) {
        if (dirty == log) dirty = null;
    }

    @Nullable Identities identities() {
        return identities;
    }

    /// The inodes in use.
    List<Inode> inodes() {
        var all = new ArrayList<Inode>();
        for (var known : inodes.values()) {
            var inode = inode(known);
            if (inode != null) all.add(inode);
        }
        return all;
    }

    /// Lets go of inodes that are gone for good, so that an exchange need not care for them: names
    /// that were in use lately keep thousands of them.
    void endGone() {
        inodes.forEach(
                (node, known) -> {
                    var inode = inode(known);
                    if (inode != null && inode.endIfGone()) inodes.remove(node, known);
                });
    }

    /// What decides that an exchange takes place.
    @FunctionalInterface
    interface Commit {
        void run() throws MountException;
    }

    /// Puts another backend in the place of this one. The gate is shut.
    ///
    /// @param nodes of all inodes in use
    /// @param commit runs when nothing can come in between any more
    /// @return false when it was closed meanwhile, and nothing has changed
    /// @throws MountException what the commit threw, and nothing has changed
    synchronized boolean exchange(
            Backend next, List<Exchange> nodes, Identities identities, Commit commit)
            throws MountException {
        if (closed) return false;
        var fresh = new ConcurrentHashMap<Node, Object>();
        for (var one : nodes) {
            var node = one.node();
            // Nobody finds a relic by its node.
            if (!(node instanceof Relic)) fresh.put(node, new Known(one.inode(), node, forgotten));
        }
        commit.run();
        int at = exchanges;
        exchanges = at + 1;
        nodes.forEach(Exchange::apply);
        inodes = fresh;
        this.identities = identities;
        backend = next;
        dirty = null;
        exchanges = at + 2;
        namespace.moved();
        // Whoever held calls did it for the old one.
        gate.releaseAll();
        for (var one : nodes) one.inode().watchAnew();
        return true;
    }

    /// Holds calls for somebody for as long as something is the case.
    ///
    /// @return whether it is
    boolean hold(Object holder, BooleanSupplier wanted) {
        // No exchange comes between looking and holding.
        synchronized (this) {
            if (wanted.getAsBoolean()) {
                gate.hold(holder);
                return true;
            }
        }
        gate.release(holder);
        return false;
    }

    /// Whether a type has made what is here.
    synchronized boolean madeBy(FileSystemType type) {
        return backend.makers().contains(type);
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
        recent.end();
        if (point != null) point.mount.release();
        fs().close();
        // Nobody is held for a file system that is no more.
        gate.releaseAll();
        gate.open();
    }

    /// Its file system is gone: every use is `EIO` from now on, until it is unmounted. The gate is
    /// shut.
    void lose() {
        var lost = new ArrayList<Exchange>();
        for (var inode : inodes()) lost.add(new Exchange(inode, Relic.lost(inode), null, null));
        var old = backend;
        var none = Backend.of(old.spec(), new EmptyFileSystem(), Set.of());
        try {
            if (exchange(none, lost, new Identities(), () -> {})) old.fs().close();
        } catch (MountException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The inode of a node, the same one while somebody holds it.
    Inode inode(Node node) {
        return inode(node, false);
    }

    private Inode inode(Node node, boolean held) {
        tidy();
        var known = inodes.get(node);
        var inode = inode(known);
        if (inode != null) return inode;
        var former = identities;
        var fresh = Inode.of(this, node, former == null ? null : former.of(node.attributes()));
        for (; ; ) {
            known = inodes.putIfAbsent(node, held ? fresh : new Known(fresh, node, forgotten));
            if (known == null) return fresh;
            inode = inode(known);
            if (inode != null) return inode;
            inodes.remove(node, known);
        }
    }

    private static @Nullable Inode inode(@Nullable Object known) {
        if (known instanceof Inode inode) return inode;
        return known == null ? null : ((Known) known).get();
    }

    /// The inode of a node, if it is in use.
    @Nullable Inode known(Node node) {
        return inode(inodes.get(node));
    }

    /// The inode of a node that was just made.
    ///
    /// @param named whether it has a name, of which an entry will be made
    Inode fresh(Node node, boolean named) {
        var former = identities;
        if (former != null) former.forget(node.attributes().inode());
        return inode(node, named);
    }

    /// Keeps an entry for a while.
    void keep(Entry entry) {
        var oldest = recent.add(entry);
        if (oldest == null) return;
        oldest.weaken();
        weaken(oldest.inode);
    }

    /// An entry's name is gone.
    void removed(Entry entry) {
        recent.remove(entry);
        var inode = entry.inode;
        // Whoever begins to use it now is told that it is gone. While it moves to another backend,
        // those are found here who have only just found it.
        if (dirty == null && inode.isUnused()) inodes.remove(inode.backend(), inode);
        else weaken(inode);
    }

    /// An inode is known for as long as somebody uses it.
    void weaken(Inode inode) {
        var node = inode.backend();
        if (inodes.get(node) == inode)
            inodes.replace(node, inode, new Known(inode, node, forgotten));
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
