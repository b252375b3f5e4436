package podium.vfs.impl;

import java.time.Instant;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.FileWatcher;
import podium.vfs.Node;

/// An inode as the VFS knows it, above the backend's node, one for each node in use. What must
/// outlive an exchange of the backend is kept here or above: locks, watches, open counts.
///
/// Its monitor is the directory's lock (held while names change or are looked up in the backend),
/// or, for other inodes, guards the count of opens.
final class Inode {

    private static final long DAY = 86_400_000_000_000L;

    final Mount mount;
    private volatile Node node;
    private int opens;
    private volatile @Nullable Locks locks;
    private volatile @Nullable CopyOnWriteArrayList<FileWatcher> watchers;
    private @Nullable Fifo fifo;

    /// Until when reading need not look at the access time, nanoseconds since the epoch.
    private volatile long accessKnown = Long.MIN_VALUE;

    Inode(Mount mount, Node node) {
        this.mount = mount;
        this.node = node;
    }

    Node node() {
        return node;
    }

    Attributes attributes() {
        return node.attributes();
    }

    void change(AttributeChange change) {
        node.change(change);
        modified();
    }

    boolean isDirectory() {
        return node instanceof Node.Directory;
    }

    /// Counts an open file.
    ///
    /// @return false when the name it was found by is gone, and the inode perhaps with it
    /// @throws podium.syscall.ErrnoException the backend cannot open it
    synchronized boolean open(Entry entry) {
        if (entry.gone() && opens == 0 && !entry.unnamed()) return false;
        if (opens == 0 && node instanceof Node.Regular file) file.opened();
        opens++;
        return true;
    }

    void release() {
        boolean last;
        synchronized (this) {
            last = --opens == 0;
            if (last && node instanceof Node.Regular file) file.released();
        }
        if (last && watchers != null && node.attributes().links() == 0) ended();
    }

    /// A name is gone: tells the watchers.
    void unlinked() {
        if (watchers == null) return;
        boolean last;
        synchronized (this) {
            last = opens == 0 && (isDirectory() || node.attributes().links() == 0);
        }
        if (last) ended();
        else tell(FileWatcher.ATTRIB, 0, null);
    }

    private void ended() {
        tell(FileWatcher.DELETE_SELF, 0, null);
        tell(FileWatcher.IGNORED, 0, null);
        var all = watchers;
        if (all != null) for (var watcher : all) unwatch(watcher);
    }

    /// Content or attributes have changed: the next read looks at the access time again.
    void modified() {
        accessKnown = Long.MIN_VALUE;
    }

    /// It was read: sets the access time, if it is not behind the last change and not older than a
    /// day (`relatime`, mount(8)). What is a view of something else keeps access times itself.
    void accessed() {
        if (accessKnown != Long.MIN_VALUE && now() < accessKnown) return;
        if (mount.readOnly() || !mount.stable) return;
        var known = node.attributes();
        long now = now();
        accessKnown = now + DAY;
        boolean old =
                known.accessed() <= known.modified()
                        || known.accessed() <= known.changed()
                        || known.accessed() < now - DAY;
        if (old) node.change(AttributeChange.times(now, null));
    }

    Locks locks() {
        var known = locks;
        if (known != null) return known;
        synchronized (this) {
            if (locks == null) locks = new Locks();
            return locks;
        }
    }

    /// The locks, if ever there were any.
    @Nullable Locks locksOrNull() {
        return locks;
    }

    synchronized Fifo fifo() {
        if (fifo == null) fifo = new Fifo();
        return fifo;
    }

    synchronized void watch(FileWatcher watcher) {
        if (watchers == null) watchers = new CopyOnWriteArrayList<>();
        watchers.add(watcher);
        mount.namespace.watched.incrementAndGet();
    }

    synchronized void unwatch(FileWatcher watcher) {
        if (watchers != null && watchers.remove(watcher)) mount.namespace.watched.decrementAndGet();
    }

    void tell(int event, int cookie, @Nullable String name) {
        var all = watchers;
        if (all != null) for (var watcher : all) watcher.event(event, cookie, name);
    }

    static long now() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
