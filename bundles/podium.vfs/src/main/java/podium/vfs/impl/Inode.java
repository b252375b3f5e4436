package podium.vfs.impl;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.FileWatcher;
import podium.vfs.Node;

/// An inode as the VFS knows it, above the backend's node, one for each node in use. It is what the
/// rest of the kernel sees as a [Node], and stays the same when the backend is exchanged: locks,
/// watches, open counts and identity are kept here or above.
///
/// Its monitor guards the count of opens.
///
/// Calls that change the backend go through the mount's [Gate], and are noted afterwards, while the
/// mount is on the move: whoever copies sees either the change itself or the note.
abstract sealed class Inode permits RegularInode, DirectoryInode, LinkInode, SpecialInode {

    private static final Logger LOG = LoggerFactory.getLogger(Inode.class);
    private static final long DAY = 86_400_000_000_000L;

    final Mount mount;

    /// Who it is, where a former backend had it; null for what the backend says.
    private volatile @Nullable Identity identity;

    private volatile int opens;

    /// Whether the backend counts it as open for somebody who has made it without a name, and has
    /// not come to open it yet.
    private volatile boolean awaited;

    private volatile @Nullable Locks locks;
    private volatile @Nullable Watchers watchers;
    private @Nullable Fifo fifo;

    /// Until when reading need not look at the access time, nanoseconds since the epoch.
    private volatile long accessKnown = Long.MIN_VALUE;

    Inode(Mount mount, @Nullable Identity identity) {
        this.mount = mount;
        this.identity = identity;
    }

    static Inode of(Mount mount, Node node, @Nullable Identity identity) {
        return switch (node) {
            case Node.Regular file -> new RegularInode(mount, file, identity);
            case Node.Directory directory -> new DirectoryInode(mount, directory, identity);
            case Node.Link link -> new LinkInode(mount, link, identity);
            case Node.Special special -> new SpecialInode(mount, special, identity);
        };
    }

    /// This, as the rest of the kernel sees it.
    abstract Node node();

    /// The backend's node, now. Each kind keeps it in a field of the node's type: out of one field
    /// of all kinds, also of a type parameter's, each call of the backend would begin with a cast.
    abstract Node backend();

    /// Goes over to another backend's node. The gate is shut.
    ///
    /// @param node of the same kind
    abstract void exchange(Node node);

    final void exchange(Node node, @Nullable Identity identity) {
        this.identity = identity;
        exchange(node);
    }

    public final Attributes attributes() {
        for (; ; ) {
            int at = mount.exchanges();
            try {
                var found = backend().attributes();
                var known = identity;
                if (mount.same(at)) return known == null ? found : known.of(found);
            } catch (RuntimeException e) {
                if (mount.same(at)) throw e;
            }
        }
    }

    public final void change(AttributeChange change) {
        mount.gate.enter();
        try {
            backend().change(change);
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            if (change.mode() != null) modeChanged();
            noteAttributes();
            mount.gate.exit();
        }
        modified();
    }

    public final List<String> extendedAttributes() {
        return mount.steady(() -> backend().extendedAttributes());
    }

    public final byte @Nullable [] extendedAttribute(String name) {
        return mount.<byte @Nullable []>steady(() -> backend().extendedAttribute(name));
    }

    public final void setExtendedAttribute(String name, byte @Nullable [] value) {
        setExtendedAttribute(name, value, false, false);
    }

    /// @param fresh whether it must not be there
    /// @param known whether it must be there
    /// @throws podium.syscall.ErrnoException `EEXIST`, `ENODATA`
    final void setExtendedAttribute(
            String name, byte @Nullable [] value, boolean fresh, boolean known) {
        mount.gate.enter();
        try {
            // Nobody else sets it between the look and the change.
            synchronized (this) {
                if (fresh || known) checkExtended(name, fresh, known);
                backend().setExtendedAttribute(name, value);
            }
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            noteAttributes();
            mount.gate.exit();
        }
        modified();
    }

    private void checkExtended(String name, boolean fresh, boolean known) {
        boolean there = backend().extendedAttribute(name) != null;
        if (there && fresh) throw Errno.EEXIST.exception();
        if (!there && known) throw Errno.ENODATA.exception();
    }

    /// The mode may be another.
    void modeChanged() {}

    /// Its attributes have changed. For within the gate.
    final void noteAttributes() {
        var dirty = mount.dirty();
        if (dirty != null) dirty.attributes(backend());
    }

    final boolean isDirectory() {
        return this instanceof DirectoryInode;
    }

    /// Whether any open file refers to it, or will.
    final boolean isOpen() {
        return opens > 0 || awaited;
    }

    /// It was made without a name, to be opened at once. For within the gate.
    final void await() {
        opened();
        awaited = true;
    }

    /// Becomes what is left of it, if its names are gone and it is not open: nothing brings it
    /// back.
    ///
    /// @return whether it has
    final synchronized boolean endIfGone() {
        if (isOpen() || !isGone()) return false;
        exchange(Relic.of(this), null);
        return true;
    }

    private boolean isGone() {
        try {
            return backend().attributes().links() == 0;
        } catch (ErrnoException _) {
            // A backend that goes by names may not find it while it is renamed.
            return false;
        }
    }

    /// Whether it is a file that nobody has opened, and about which the VFS knows nothing that it
    /// could not learn anew.
    final synchronized boolean isUnused() {
        return this instanceof RegularInode && opens == 0 && locks == null && watchers == null;
    }

    /// Counts an open file.
    ///
    /// @return false when the name it was found by is gone, and the inode perhaps with it
    /// @throws podium.syscall.ErrnoException the backend cannot open it
    final boolean open(Entry entry) {
        if (openAgain()) return true;
        // Nobody waits at the gate who holds the monitor, which whoever is killed needs.
        mount.gate.enter();
        try {
            synchronized (this) {
                if (opens == 0 && !entry.unnamed() && isGone(entry)) return false;
                if (opens == 0 && !awaited) opened();
                awaited = false;
                opens++;
                return true;
            }
        } finally {
            mount.gate.exit();
        }
    }

    /// Whether the name it was found by is gone, or was found before a snapshot was restored that
    /// does not have it.
    private boolean isGone(Entry entry) {
        return entry.gone() || (entry.isStale() && attributes().links() == 0);
    }

    private synchronized boolean openAgain() {
        if (opens == 0) return false;
        opens++;
        return true;
    }

    /// Waits for nobody, as processes end by it: while the gate is closed, the last one stays
    /// counted until it opens.
    final void release() {
        synchronized (this) {
            if (opens > 1) {
                opens--;
                return;
            }
            if (!mount.gate.enterOr(this::releaseLate)) return;
            try {
                opens = 0;
                released();
            } finally {
                mount.gate.exit();
            }
        }
        var all = watchers;
        if (all != null) all.released();
    }

    /// There is nobody any more to tell of errors.
    private void releaseLate() {
        if (mount.closed()) return;
        try {
            release();
        } catch (RuntimeException e) {
            LOG.warn("{}: a file could not be closed", mount.spec().target(), e);
        }
    }

    /// A first open file refers to it. For within the gate.
    void opened() {}

    /// None does any longer. For within the gate.
    void released() {}

    /// A name is gone: tells the watchers.
    final void unlinked() {
        var all = watchers;
        if (all != null) all.unlinked();
    }

    /// Whether nothing leads to it any more.
    final synchronized boolean isUnlinked() {
        return opens == 0 && (isDirectory() || attributes().links() == 0);
    }

    /// Content or attributes have changed: the next read looks at the access time again.
    final void modified() {
        accessKnown = Long.MIN_VALUE;
    }

    /// A snapshot was restored: what was known of it may be another one's.
    final void restored() {
        modified();
        modeChanged();
    }

    /// Whether the next read has to look at the access time, whatever the time is.
    final boolean isAccessUnknown() {
        return accessKnown == Long.MIN_VALUE;
    }

    /// It was read: sets the access time, if it is not behind the last change and not older than a
    /// day (`relatime`, mount(8)). What is a view of something else keeps access times itself.
    final void accessed() {
        if (!isAccessUnknown() && now() < accessKnown) return;
        if (mount.readOnly() || !mount.stable()) return;
        var known = attributes();
        long now = now();
        boolean old =
                known.accessed() <= known.modified()
                        || known.accessed() <= known.changed()
                        || known.accessed() < now - DAY;
        // Reading waits for nobody: then the next one sets it.
        if (old && !mount.gate.tryEnter()) return;
        accessKnown = now + DAY;
        if (!old) return;
        try {
            backend().change(AttributeChange.times(now, null));
        } finally {
            noteAttributes();
            mount.gate.exit();
        }
    }

    final Locks locks() {
        var known = locks;
        if (known != null) return known;
        synchronized (this) {
            if (locks == null) locks = new Locks();
            return locks;
        }
    }

    /// The locks, if ever there were any.
    final @Nullable Locks locksOrNull() {
        return locks;
    }

    final synchronized Fifo fifo() {
        if (fifo == null) fifo = new Fifo();
        return fifo;
    }

    /// @throws podium.syscall.ErrnoException the backend cannot watch it
    final void watch(FileWatcher watcher) {
        watchers().add(watcher);
    }

    private synchronized Watchers watchers() {
        if (watchers == null) watchers = new Watchers(this);
        return watchers;
    }

    final void unwatch(FileWatcher watcher) {
        var all = watchers;
        if (all != null) all.remove(watcher);
    }

    final void tell(int event, int cookie, @Nullable String name) {
        var all = watchers;
        if (all != null) all.tell(event, cookie, name);
    }

    /// It is another backend's now, which those who watch are to hear of.
    final void watchAnew() {
        var all = watchers;
        if (all != null) all.beginAnew();
    }

    static long now() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
