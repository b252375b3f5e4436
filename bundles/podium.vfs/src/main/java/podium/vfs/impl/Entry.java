package podium.vfs.impl;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.Attributes;
import podium.vfs.FileLocks;
import podium.vfs.FileWatcher;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.Node;

/// A name in a directory, or a mount's root: an object for as long as somebody holds it, so that
/// whoever stands in a directory learns of its renaming. Parents are held by their children, and
/// children for as long as they are among the mount's [Recent] ones; afterwards weakly.
final class Entry implements Location {

    final Mount mount;
    final Inode inode;
    private volatile @Nullable Entry parent;
    private volatile String name;
    private volatile boolean gone;

    /// The mount's era in which the name was found last.
    private volatile int era;
    private volatile @Nullable Mount mounted;

    /// Each an [Entry] while it is recent, then a [Child].
    private volatile @Nullable ConcurrentHashMap<String, Object> children;

    /// Where it is among the recent ones, which guard this.
    int place;

    /// @param parent null for a mount's root and for what was never in a tree
    Entry(Mount mount, @Nullable Entry parent, String name, Inode inode) {
        this.mount = mount;
        this.parent = parent;
        this.name = name;
        this.inode = inode;
        era = mount.era();
    }

    /// An entry without a name in the tree, as O_TMPFILE makes.
    static Entry unnamed(Mount mount, String name, Inode inode) {
        var entry = new Entry(mount, null, name, inode);
        entry.gone = true;
        return entry;
    }

    /// The entry of a place.
    static Entry of(Location place) {
        return place instanceof Beneath directory ? directory.entry() : (Entry) place;
    }

    @Override
    public Location beneath() {
        return new Beneath(this);
    }

    @Nullable Entry parent() {
        return parent;
    }

    String name() {
        return name;
    }

    /// The inode of a directory.
    ///
    /// @throws podium.syscall.ErrnoException `ENOTDIR`: it is something else
    DirectoryInode directory() {
        if (inode instanceof DirectoryInode directory) return directory;
        throw Errno.ENOTDIR.exception();
    }

    /// Whether the name was removed.
    boolean gone() {
        return gone;
    }

    /// Whether the name may lead to something else, since a snapshot was restored.
    boolean isStale() {
        return era != mount.era();
    }

    /// The name leads here still.
    ///
    /// @param since the era when that was asked
    void confirm(int since) {
        era = since;
    }

    boolean unnamed() {
        return gone && parent == null;
    }

    /// What is mounted on it, or null.
    @Nullable Mount mounted() {
        return mounted;
    }

    void setMounted(@Nullable Mount mount) {
        mounted = mount;
    }

    /// The topmost root mounted here, or this.
    Entry covered() {
        var entry = this;
        for (var top = entry.mounted; top != null; top = entry.mounted) entry = top.root();
        return entry;
    }

    /// The cached entry of a name, or null.
    ///
    /// @param name a string, or a [Part] that equals one
    @Nullable Entry cached(Object name) {
        var known = children;
        if (known == null) return null;
        var child = known.get(name);
        if (child instanceof Entry entry) return entry;
        return child == null ? null : ((Child) child).get();
    }

    /// Remembers a child. The directory's names are locked.
    void remember(Entry child) {
        var known = children;
        if (known == null) children = known = new ConcurrentHashMap<>(4);
        known.put(child.name, child);
        mount.keep(child);
    }

    /// It is no longer one of the recent ones: it lives for as long as somebody uses it.
    void weaken() {
        var directory = parent;
        var siblings = directory == null ? null : directory.children;
        if (siblings == null) return;
        // Moved meanwhile, it is not found here, and recent again.
        var known = name;
        siblings.replace(known, this, new Child(this, siblings, known, mount.forgotten));
    }

    /// Forgets a name. The directory's names are locked.
    void forget(String name) {
        var known = children;
        if (known != null) known.remove(name);
    }

    /// The name is removed. The directory's names are locked.
    void remove() {
        var directory = parent;
        if (directory != null) directory.forget(name);
        gone = true;
        mount.removed(this);
    }

    /// The name is now another one. Both directories' names and the namespace's renames are
    /// locked.
    void move(Entry directory, String newName) {
        var old = parent;
        if (old != null) old.forget(name);
        parent = directory;
        name = newName;
        directory.remember(this);
    }

    /// Swaps places with another entry, as [#move] with the same locks held.
    void exchange(Entry other) {
        var directory = parent;
        var otherDirectory = other.parent;
        if (directory == null || otherDirectory == null) throw new IllegalStateException();
        directory.forget(name);
        otherDirectory.forget(other.name);
        var ownName = name;
        parent = otherDirectory;
        name = other.name;
        other.parent = directory;
        other.name = ownName;
        otherDirectory.remember(this);
        directory.remember(other);
    }

    /// Tells the watchers of the inode and of the directory.
    void tell(int event) {
        if (mount.namespace.watched.get() == 0) return;
        int bits = inode.isDirectory() ? event | FileWatcher.IS_DIRECTORY : event;
        inode.tell(bits, 0, null);
        tellDirectory(event);
    }

    /// Tells the watchers of the directory alone.
    void tellDirectory(int event) {
        if (mount.namespace.watched.get() == 0) return;
        int bits = inode.isDirectory() ? event | FileWatcher.IS_DIRECTORY : event;
        var directory = parent;
        if (directory != null) directory.inode.tell(bits, 0, name);
    }

    @Override
    public Node node() {
        return inode.node();
    }

    @Override
    public Attributes attributes() {
        return inode.attributes();
    }

    @Override
    public long device() {
        return mount.device;
    }

    @Override
    public boolean readOnly() {
        return mount.readOnly();
    }

    @Override
    public String path() {
        return Paths.from(null, this);
    }

    @Override
    public String path(FsContext context) {
        return Paths.from((Entry) context.root(), this);
    }

    @Override
    public FileLocks locks() {
        return inode.locks();
    }

    @Override
    public void watch(FileWatcher watcher) {
        inode.watch(watcher);
    }

    @Override
    public void unwatch(FileWatcher watcher) {
        inode.unwatch(watcher);
    }

    @Override
    public String toString() {
        return path();
    }

    /// A weakly held child that knows its place, for tidying up.
    static final class Child extends WeakReference<Entry> {

        private final ConcurrentHashMap<String, Object> siblings;
        private final String name;

        Child(
                Entry entry,
                ConcurrentHashMap<String, Object> siblings,
                String name,
                ReferenceQueue<Object> queue) {
            super(entry, queue);
            this.siblings = siblings;
            this.name = name;
        }

        void tidy() {
            siblings.remove(name, this);
        }
    }
}
