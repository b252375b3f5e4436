package podium.vfs.overlay;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import podium.vfs.Attributes;
import podium.vfs.Node;

/// What is no directory. Its names may be in the upper layer and in the lower one that it comes
/// from: all of the former, and those of the latter that nobody has removed or copied, count.
abstract class OverlayLeaf extends OverlayNode {

    /// Held while its content is copied, and while it becomes open or closed.
    final ReentrantLock content = new ReentrantLock();

    private final Set<Place> places = new LinkedHashSet<>();

    private volatile @Nullable Node lower;
    private volatile @Nullable Node upper;

    /// Where the lower layer has it, once that is known.
    private volatile @Nullable Trail trail;

    /// Names in the lower layer at first, and how many of them are no longer what leads here.
    private volatile int lowerLinks;

    private int hidden;

    /// The name that keeps a copy, whatever becomes of those in the tree.
    private @Nullable Parked parked;

    /// @param name in a directory that no guest sees
    /// @param indexed whether the next mount will find the copy by its names in the lower layer
    private record Parked(Node.Directory directory, String name, boolean indexed) {}

    /// @param origin what it was before it was copied, if it was
    OverlayLeaf(
            OverlayFileSystem fs,
            Part<? extends Node> part,
            long number,
            Origins.@Nullable Origin origin) {
        super(fs, number);
        set(part, origin);
    }

    private synchronized void set(Part<? extends Node> part, Origins.@Nullable Origin origin) {
        boolean own = part.layer() == 0;
        upper = own ? same(upper, part.node()) : null;
        lower = own ? null : same(lower, part.node());
        int names = own ? 0 : Math.max(1, part.node().attributes().links());
        hidden = 0;
        parked = null;
        if (origin != null && origin.names() > 1) {
            names = origin.names();
            hidden = origin.hidden();
            parked = new Parked(fs.origins().links(), Origins.name(number), true);
        }
        lowerLinks = names;
        places.clear();
    }

    /// What is open is one object, whatever a layer gives now.
    private static Node same(@Nullable Node known, Node found) {
        return known != null && known.equals(found) ? known : found;
    }

    /// A snapshot was restored that has it. The tree is locked.
    final void bind(Part<? extends Node> part, Origins.@Nullable Origin origin) {
        var before = current();
        set(part, origin);
        forgetAccess();
        if (current() != before) moved(before);
    }

    /// What it is has become another layer's.
    void moved(Node before) {}

    @Override
    final void vanish() {
        synchronized (this) {
            parked = null;
            places.clear();
            hidden = lowerLinks;
        }
        if (isOpen()) fs.copied(this, current());
    }

    @Override
    final @Nullable Trail trail() {
        return trail;
    }

    final void setTrail(Trail trail) {
        this.trail = trail;
    }

    /// Whether it had several names in the lower layer, and the upper one can keep count of them.
    final boolean isShared() {
        return lowerLinks > 1 && fs.hasHardLinks();
    }

    @Override
    final Node current() {
        var copy = upper;
        if (copy != null) return copy;
        var below = lower;
        if (below == null) throw new IllegalStateException("of no layer");
        return below;
    }

    @Override
    final boolean isUpper() {
        return upper != null;
    }

    /// It was found under a name.
    final synchronized void found(Place place) {
        if (upper == null) places.add(place);
    }

    /// A name is no longer its. The tree is locked.
    ///
    /// @param inLower whether it led to the lower layer until now
    final synchronized void lost(Place place, boolean inLower) {
        places.remove(place);
        if (!inLower) return;
        hidden++;
        if (lowerLinks <= 1) return;
        if (isIndexed()) note(current());
        else fs.pin(this);
    }

    /// Whether the next mount will find its copy by its names in the lower layer.
    private synchronized boolean isIndexed() {
        return parked != null && parked.indexed();
    }

    /// Before it becomes one.
    private synchronized void record(Node copy) {
        fs.origins().put(copy.attributes().inode(), origin());
    }

    /// After its names have changed.
    private synchronized void note(Node copy) {
        fs.origins().note(copy.attributes().inode(), origin());
    }

    private synchronized Origins.Origin origin() {
        return new Origins.Origin(number, lowerLinks, hidden);
    }

    private synchronized @Nullable Place place() {
        return places.isEmpty() ? null : places.iterator().next();
    }

    /// The links there are, in the upper layer and those of the lower one that still lead here.
    @Override
    final synchronized int links(Attributes of) {
        int left = Math.max(0, lowerLinks - hidden);
        if (upper == null) return left;
        return left + of.links() - (parked == null ? 0 : 1);
    }

    final int links() {
        return links(current().attributes());
    }

    /// Whether it was a lower layer's, and has no name any more.
    final boolean isOrphan() {
        return lowerLinks > 0 && links() == 0;
    }

    @Override
    final void copyUp() {
        copyUp(Long.MAX_VALUE);
    }

    /// @param most bytes of its content that are wanted
    final void copyUp(long most) {
        if (isUpper()) return;
        content.lock();
        try {
            if (isUpper()) return;
            var work = fs.work();
            var name = work.name();
            Node copy = null;
            boolean done = false;
            try {
                copy = copy(work.directory(), name, most);
                Work.copyExtendedAttributes(current(), copy);
                place(copy, name);
                done = true;
            } finally {
                if (!done) remove(copy, name);
            }
            copied();
        } finally {
            content.unlock();
        }
    }

    /// Removes a copy that found no place, as far as there is one.
    private void remove(@Nullable Node copy, String name) {
        discard(copy);
        unpark();
        if (copy != null) fs.origins().forget(copy.attributes().inode());
        fs.work().removeIfThere(name);
    }

    /// Makes a copy.
    abstract Node copy(Node.Directory in, String name, long most);

    /// A copy will not be used.
    void discard(@Nullable Node copy) {}

    /// The upper layer has it from now on. Its lock for content is held.
    void copied() {}

    /// Whether somebody has it open.
    boolean isOpen() {
        return false;
    }

    /// What the lower layer had, for those who began to use that.
    final @Nullable Node lower() {
        return lower;
    }

    /// Puts a copy that was made in [Work] in its place.
    private void place(Node copy, String name) {
        fs.tree.writeLock().lock();
        try {
            record(copy);
            index(copy);
            var place = place();
            if (place != null) place(place, name);
            else if (isIndexed()) fs.work().remove(name);
            else park(fs.work().directory(), name, false);
            fs.copied(this, copy);
            synchronized (this) {
                upper = copy;
                if (place != null) hidden++;
                places.clear();
            }
            if (lowerLinks <= 1) return;
            if (isIndexed()) note(copy);
            else fs.pin(this);
        } finally {
            fs.tree.writeLock().unlock();
        }
    }

    /// Lets the next mount find the copy of an inode with several names.
    private void index(Node copy) {
        if (!isShared()) return;
        var links = fs.origins().links();
        var name = Origins.name(number);
        if (links.lookup(name) != null) links.unlink(name);
        links.link(name, copy);
        park(links, name, true);
    }

    private synchronized void park(Node.Directory directory, String name, boolean indexed) {
        parked = new Parked(directory, name, indexed);
    }

    private void place(Place place, String name) {
        var to = place.directory().upper();
        var before = to.attributes();
        fs.work().directory().rename(name, to, place.name(), false);
        Work.restoreTimes(to, before);
    }

    /// Moves it out of the tree if this name is its last one in the upper layer, but names in the
    /// lower one still lead here. The tree is locked.
    ///
    /// @return false when the name may simply go
    final synchronized boolean park(Place last) {
        boolean needed = upper != null && parked == null && lowerLinks > hidden;
        if (!needed || current().attributes().links() > 1) return false;
        var work = fs.work();
        var name = work.name();
        last.directory().upper().rename(last.name(), work.directory(), name, false);
        park(work.directory(), name, false);
        return true;
    }

    /// Forgets it when nothing leads to it. The tree is locked.
    final void freeIfForgotten() {
        if (isOpen() || links() > 0) return;
        fs.forget(this, lower, upper);
        unpark();
    }

    /// Sees to it that a snapshot will not have it if it has no name: the upper layer keeps it for
    /// as long as it is open. The tree is locked.
    final void leaveOut() {
        synchronized (this) {
            if (parked == null) return;
        }
        if (links() > 0) return;
        if (isOpen()) unpark();
        else freeIfForgotten();
    }

    private void unpark() {
        Parked kept;
        synchronized (this) {
            kept = parked;
            parked = null;
        }
        if (kept != null) kept.directory().unlink(kept.name());
    }
}
