package podium.vfs.overlay;

import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;

/// Moves a name, or swaps two. What is moved is copied to the upper layer before, with all that is
/// in
/// it, so that no layer has to know where something was.
///
/// @param from what is moved
/// @param exchange whether the two names swap
record OverlayRename(Place from, Place to, boolean exchange) {

    void run(OverlayFileSystem fs) {
        if (Whiteouts.reserved(to.name())) throw Errno.EPERM.exception();
        for (boolean done = false; !done; ) {
            OverlayNode moved;
            OverlayNode there;
            fs.tree.readLock().lock();
            try {
                // Nothing is copied for what fails anyway.
                moved = from.directory().find(from.name());
                there = to.directory().find(to.name());
                check(moved, there);
            } finally {
                fs.tree.readLock().unlock();
            }
            if (moved == there) return;
            copyWhole(from);
            if (exchange) copyWhole(to);
            // How many names it has left is kept with the copy.
            else if (there instanceof OverlayLeaf leaf && leaf.isShared()) leaf.copyUp();
            fs.tree.writeLock().lock();
            try {
                done = locked();
            } finally {
                fs.tree.writeLock().unlock();
            }
        }
    }

    /// @return false when there is something new to copy
    private boolean locked() {
        var moved = from.directory().find(from.name());
        var there = to.directory().find(to.name());
        check(moved, there);
        if (moved == null || moved == there) return true;
        if (!isWhole(from) || (exchange && !isWhole(to))) return false;
        if (exchange && there != null) exchange(moved, there);
        else move(moved, there);
        return true;
    }

    private void check(@Nullable OverlayNode moved, @Nullable OverlayNode there) {
        if (moved == null || to.directory().isRemoved()) throw Errno.ENOENT.exception();
        if (exchange) {
            if (there == null) throw Errno.ENOENT.exception();
            return;
        }
        if (there == null || there == moved) return;
        boolean directory = moved instanceof OverlayDirectory;
        if (there instanceof OverlayDirectory other) {
            if (!directory) throw Errno.EISDIR.exception();
            other.checkEmpty();
        } else if (directory) throw Errno.ENOTDIR.exception();
    }

    private static void copyWhole(Place place) {
        var node = (OverlayNode) place.directory().lookup(place.name());
        if (node == null) return;
        node.copyUp();
        if (node instanceof OverlayLeaf leaf) place.directory().hold(place.name(), leaf);
        if (!(node instanceof OverlayDirectory directory) || !directory.isMerged()) return;
        for (var entry : directory.entries(0, Integer.MAX_VALUE))
            copyWhole(new Place(directory, entry.name()));
    }

    private static boolean isWhole(Place place) {
        var node = place.directory().find(place.name());
        if (node == null) return true;
        if (!place.directory().holds(place.name())) return false;
        if (!(node instanceof OverlayDirectory directory) || !directory.isMerged()) return true;
        for (var entry : directory.entries(0, Integer.MAX_VALUE))
            if (!isWhole(new Place(directory, entry.name()))) return false;
        return true;
    }

    private void move(OverlayNode moved, @Nullable OverlayNode there) {
        var source = from.directory();
        var target = to.directory();
        boolean held = there != null && target.holds(to.name());
        if (there instanceof OverlayDirectory other && held) {
            // Empty, so that only whiteouts are in it.
            target.hide(to.name());
            Work.clear(other.upper());
        }
        if (there instanceof OverlayLeaf leaf && held) leaf.park(to);
        // A whiteout beside a name of the upper layer hides nothing yet: there is room for all, or
        // nothing has changed.
        source.hide(from.name());
        if (there instanceof OverlayDirectory) target.hide(to.name());
        source.upper().rename(from.name(), target.upper(), to.name(), false);
        if (there instanceof OverlayDirectory other) {
            other.remove();
            target.count(-1);
        } else if (there instanceof OverlayLeaf leaf) {
            leaf.lost(to, !held);
            leaf.freeIfForgotten();
        }
        moved(moved, source, to);
    }

    private void exchange(OverlayNode moved, OverlayNode there) {
        var source = from.directory();
        var target = to.directory();
        boolean directories =
                moved instanceof OverlayDirectory || there instanceof OverlayDirectory;
        if (directories) {
            source.hide(from.name());
            target.hide(to.name());
        }
        source.upper().rename(from.name(), target.upper(), to.name(), true);
        moved(moved, source, to);
        moved(there, target, from);
    }

    private static void moved(OverlayNode node, OverlayDirectory old, Place now) {
        if (!(node instanceof OverlayDirectory directory)) return;
        directory.setPlace(now);
        old.count(-1);
        now.directory().count(1);
    }
}
