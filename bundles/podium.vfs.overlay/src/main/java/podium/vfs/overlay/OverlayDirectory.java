package podium.vfs.overlay;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A directory: what the upper layer has there, and below that what the lower ones have. Names
/// change while the tree is locked for writing, and are looked up while it is locked for reading.
final class OverlayDirectory extends OverlayNode implements Node.Directory {

    private volatile Lowers lowers;
    private volatile @Nullable Directory upper;

    /// Where the lower layers have it, once that is known.
    private volatile @Nullable Trail trail;

    /// Where it is; null for the root.
    private volatile @Nullable Place place;

    private volatile boolean removed;

    /// How many directories are in it, once that was counted; else -1.
    private volatile int subdirectories = -1;

    private volatile @Nullable SoftReference<List<Entry>> listing;

    OverlayDirectory(OverlayFileSystem fs, @Nullable Directory upper, Lowers lowers, long number) {
        super(fs, number);
        this.upper = upper;
        this.lowers = lowers;
        trail = lowers.trail();
    }

    /// A snapshot was restored that has it. The tree is locked.
    void bind(@Nullable Directory upper, Lowers lowers) {
        this.upper = upper;
        this.lowers = lowers;
        if (!lowers.isEmpty()) trail = lowers.trail();
        forgetNames();
    }

    @Override
    void vanish() {
        removed = true;
        forgetNames();
    }

    private void forgetNames() {
        subdirectories = -1;
        listing = null;
        forgetAccess();
    }

    @Override
    @Nullable Trail trail() {
        return trail;
    }

    @Override
    Node current() {
        var own = upper;
        return own != null ? own : lowers.first().node();
    }

    @Override
    boolean isUpper() {
        return upper != null;
    }

    /// Whether something in it may be of a lower layer.
    boolean isMerged() {
        return !lowers.isEmpty();
    }

    boolean isRemoved() {
        return removed;
    }

    void setPlace(Place place) {
        this.place = place;
    }

    /// It has no name any more. The tree is locked.
    void remove() {
        removed = true;
        fs.forget(this, lowers.isEmpty() ? null : lowers.first().node(), upper);
    }

    /// A directory was added, or removed. The tree is locked.
    void count(int more) {
        if (subdirectories >= 0) setSubdirectories(subdirectories + more);
    }

    private void setSubdirectories(int now) {
        subdirectories = now;
    }

    @Override
    int links(Attributes of) {
        if (removed) return 0;
        boolean one = lowers.parts().size() + (upper == null ? 0 : 1) == 1;
        if (one) return of.links();
        int count = subdirectories;
        if (count < 0) {
            fs.tree.readLock().lock();
            try {
                var all = all();
                count = (int) all.stream().filter(e -> e.type() == Mode.DIRECTORY).count();
                subdirectories = count;
            } finally {
                fs.tree.readLock().unlock();
            }
        }
        return 2 + count;
    }

    private List<Part<Directory>> parts() {
        return lowers.under(upper);
    }

    /// Its entries. The tree is locked.
    List<Entry> all() {
        return Merge.of(fs, parts());
    }

    /// Those that the upper layer has. The tree is locked.
    List<Entry> allUpper() {
        return Merge.of(fs, Lowers.NONE.under(upper));
    }

    @Override
    void copyUp() {
        if (isUpper()) return;
        fs.tree.writeLock().lock();
        try {
            upper();
        } finally {
            fs.tree.writeLock().unlock();
        }
    }

    /// The upper layer's directory, made if it is missing, with those above it. The tree is locked
    /// for writing.
    ///
    /// @throws podium.syscall.ErrnoException `EROFS`; `ENOENT`: it is removed
    Directory upper() {
        fs.checkWritable();
        if (removed) throw Errno.ENOENT.exception();
        var missing = new ArrayDeque<OverlayDirectory>();
        for (var at = this; at.upper == null; ) {
            missing.push(at);
            var above = at.place;
            if (above == null) throw Errno.ENOENT.exception();
            at = above.directory();
        }
        for (var directory : missing) directory.makeUpper();
        var made = upper;
        if (made == null) throw new IllegalStateException();
        return made;
    }

    private void makeUpper() {
        var here = place;
        var above = here == null ? null : here.directory().upper;
        if (here == null || above == null) throw Errno.ENOENT.exception();
        var of = current().attributes();
        var before = above.attributes();
        int mode = of.mode() & Mode.PERMISSIONS;
        var made = above.createDirectory(here.name(), mode, of.uid(), of.gid());
        boolean done = false;
        try {
            var origin = new Origins.Origin(number, 0, 0);
            fs.origins().put(made.attributes().inode(), origin);
            Work.copyExtendedAttributes(current(), made);
            done = true;
        } finally {
            if (!done) above.removeDirectory(here.name());
        }
        fs.copied(this, made);
        upper = made;
        Work.restoreTimes(made, of);
        Work.restoreTimes(above, before);
    }

    @Override
    public @Nullable Node lookup(String name) {
        fs.tree.readLock().lock();
        try {
            return (Node) find(name);
        } finally {
            fs.tree.readLock().unlock();
        }
    }

    /// What a name is. The tree is locked.
    @Nullable OverlayNode find(String name) {
        if (removed || Whiteouts.reserved(name)) return null;
        var here = new Place(this, name);
        var own = upper;
        if (own != null) {
            var there = own.lookup(name);
            if (there instanceof Directory directory) {
                boolean alone =
                        lowers.isEmpty()
                                || Whiteouts.hides(own, name)
                                || Whiteouts.isOpaque(directory);
                return fs.directory(
                        directory, alone ? Lowers.NONE : lowers.directories(name), here);
            }
            if (there != null) return fs.leaf(new Part<>(0, there), here);
            if (!lowers.isEmpty() && Whiteouts.hides(own, name)) return null;
        }
        var first = lowers.find(name);
        if (first == null) return null;
        if (first.node() instanceof Directory)
            return fs.directory(null, lowers.directories(name), here);
        return fs.leaf(first, here);
    }

    /// Where the lower layers have a name in it.
    Trail trail(String name) {
        return lowers.trail(name);
    }

    /// Sees to it that the lower layers' ones of a name are not seen any more. The tree is locked
    /// for writing.
    void hide(String name) {
        if (lowers.find(name) != null) Whiteouts.hide(upper(), name);
    }

    /// Whether the upper layer has a name.
    boolean holds(String name) {
        var own = upper;
        return own != null && own.lookup(name) != null;
    }

    /// Sees to it that the upper layer has a name of a leaf that it has already, by another name.
    void hold(String name, OverlayLeaf leaf) {
        fs.tree.writeLock().lock();
        try {
            if (find(name) != leaf || holds(name) || !leaf.isUpper()) return;
            upper().link(name, leaf.current());
            leaf.lost(new Place(this, name), true);
        } finally {
            fs.tree.writeLock().unlock();
        }
    }

    /// @throws podium.syscall.ErrnoException `ENOTEMPTY`. The tree is locked.
    void checkEmpty() {
        if (!all().isEmpty()) throw Errno.ENOTEMPTY.exception();
    }

    /// Makes a name in the upper layer.
    private OverlayNode make(String name, Function<Directory, Node> maker) {
        fs.checkWritable();
        if (Whiteouts.reserved(name)) throw Errno.EPERM.exception();
        fs.tree.writeLock().lock();
        try {
            if (removed) throw Errno.ENOENT.exception();
            if (find(name) != null) throw Errno.EEXIST.exception();
            var made = maker.apply(upper());
            var here = new Place(this, name);
            if (!(made instanceof Directory directory)) return fs.leaf(new Part<>(0, made), here);
            count(1);
            return fs.directory(directory, Lowers.NONE, here);
        } finally {
            fs.tree.writeLock().unlock();
        }
    }

    @Override
    public Regular create(String name, int mode, int uid, int gid) {
        return (Regular) make(name, in -> in.create(name, mode, uid, gid));
    }

    @Override
    public Directory createDirectory(String name, int mode, int uid, int gid) {
        return (Directory) make(name, in -> in.createDirectory(name, mode, uid, gid));
    }

    @Override
    public Link createLink(String name, String target, int uid, int gid) {
        return (Link) make(name, in -> in.createLink(name, target, uid, gid));
    }

    @Override
    public Special createSpecial(String name, int mode, long device, int uid, int gid) {
        return (Special) make(name, in -> in.createSpecial(name, mode, device, uid, gid));
    }

    @Override
    public Regular createUnnamed(int mode, int uid, int gid) {
        if (removed) throw Errno.ENOENT.exception();
        var made = fs.work().directory().createUnnamed(mode, uid, gid);
        return (Regular) fs.leaf(new Part<>(0, made), null);
    }

    @Override
    public void link(String name, Node existing) {
        fs.checkWritable();
        if (existing instanceof OverlayDirectory) throw Errno.EPERM.exception();
        if (!(existing instanceof OverlayLeaf leaf) || leaf.fs != fs) throw Errno.EXDEV.exception();
        leaf.copyUp();
        make(
                name,
                in -> {
                    if (leaf.isOrphan()) throw Errno.ENOENT.exception();
                    in.link(name, leaf.current());
                    return leaf.current();
                });
    }

    @Override
    public void unlink(String name) {
        fs.checkWritable();
        // How many names it has left is kept with the copy.
        if (lookup(name) instanceof OverlayLeaf leaf && leaf.isShared()) leaf.copyUp();
        fs.tree.writeLock().lock();
        try {
            var there = find(name);
            if (there == null) throw Errno.ENOENT.exception();
            if (!(there instanceof OverlayLeaf leaf)) throw Errno.EISDIR.exception();
            boolean held = holds(name);
            hide(name);
            var here = new Place(this, name);
            if (held && !leaf.park(here)) upper().unlink(name);
            leaf.lost(here, !held);
            leaf.freeIfForgotten();
        } finally {
            fs.tree.writeLock().unlock();
        }
    }

    @Override
    public void removeDirectory(String name) {
        fs.checkWritable();
        fs.tree.writeLock().lock();
        try {
            var there = find(name);
            if (there == null) throw Errno.ENOENT.exception();
            if (!(there instanceof OverlayDirectory directory)) throw Errno.ENOTDIR.exception();
            directory.checkEmpty();
            boolean held = holds(name);
            hide(name);
            if (held) {
                Work.clear(directory.upper());
                upper().removeDirectory(name);
            }
            directory.remove();
            count(-1);
        } finally {
            fs.tree.writeLock().unlock();
        }
    }

    @Override
    public void rename(String name, Directory to, String newName, boolean exchange) {
        fs.checkWritable();
        if (!(to instanceof OverlayDirectory target) || target.fs != fs)
            throw Errno.EXDEV.exception();
        new OverlayRename(new Place(this, name), new Place(target, newName), exchange).run(fs);
    }

    @Override
    public List<Entry> entries(long cookie, int limit) {
        if (removed) return List.of();
        var known = listing;
        var all = known == null || cookie == 0 ? null : known.get();
        if (all == null) {
            fs.tree.readLock().lock();
            try {
                all = all();
                // Who restores a snapshot, and has the tree, finds and forgets it.
                listing = new SoftReference<>(all);
            } finally {
                fs.tree.readLock().unlock();
            }
        }
        int found =
                Collections.binarySearch(
                        all, new Entry("", 0, 0, cookie), Comparator.comparingLong(Entry::cookie));
        int start = found >= 0 ? found + 1 : -found - 1;
        var some = all.subList(start, (int) Math.min(all.size(), (long) start + limit));
        if (some.isEmpty()) listing = null;
        return some;
    }
}
