package podium.vfs.host;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// An inode of the host's that somebody has come across: which one it is, and the names it was
/// found under. Every use looks at the host again, and whatever it finds there is compared with
/// [#first].
abstract class HostNode {

    /// More names of one inode are not remembered.
    private static final int MOST_PLACES = 4;

    private static final Place[] NOWHERE = {};

    final HostFileSystem fs;

    /// As it was found first: type, identity and time of birth stay.
    final Status first;

    private volatile Place[] places = NOWHERE;
    private volatile @Nullable Status last;

    HostNode(HostFileSystem fs, Status first) {
        this.fs = fs;
        this.first = first;
    }

    /// It was found under a name.
    final void found(Place place) {
        var known = places;
        if (known.length > 0 && known[0].equals(place)) return;
        synchronized (this) {
            int most = first.directory() ? 1 : MOST_PLACES;
            var now = new Place[Math.min(most, places.length + 1)];
            now[0] = place;
            int count = 1;
            for (var other : places)
                if (count < now.length && !other.equals(place)) now[count++] = other;
            places = count == now.length ? now : java.util.Arrays.copyOf(now, count);
        }
    }

    /// A name is no longer its.
    final synchronized void lost(Place place) {
        var left = new java.util.ArrayList<>(java.util.List.of(places));
        left.remove(place);
        places = left.toArray(NOWHERE);
    }

    final @Nullable Place place() {
        var known = places;
        return known.length == 0 ? null : known[0];
    }

    /// Its last name is gone.
    ///
    /// @param status its last one
    void unlinked(Status status) {
        freed(status);
    }

    /// It exists no longer, by what a guest did.
    final void freed(Status status) {
        gone(status);
        fs.freed(status);
    }

    /// It exists no longer.
    final void gone(Status status) {
        last = status;
        fs.forget(this);
    }

    final boolean isGone() {
        return last != null;
    }

    /// Its descriptor if it is open anyway, in use by the caller.
    @Nullable Descriptor open() {
        return null;
    }

    /// The host watches it, or does no longer: what is kept open of it would keep it from ending
    /// when it is removed.
    void watched(boolean watched) {}

    /// @throws podium.syscall.ErrnoException `ENOENT`: the host removed it
    final Status status() {
        try (var open = open()) {
            if (open != null) return Linux.stat(open.number());
        }
        var known = last;
        if (known != null) return known;
        for (var place : places) {
            var status = place.directory().status(place.bytes());
            if (status != null && status.same(first)) return status;
        }
        known = last;
        if (known != null) return known;
        throw Errno.ENOENT.exception();
    }

    /// A descriptor of this inode for one use: perhaps no more than a path's.
    ///
    /// @throws podium.syscall.ErrnoException `ENOENT`: it has no name any more
    Descriptor reach() {
        var open = open();
        if (open != null) return open;
        if (last == null)
            for (var place : places) {
                var found = reach(place);
                if (found != null) return found;
            }
        throw Errno.ENOENT.exception();
    }

    private @Nullable Descriptor reach(Place place) {
        var name = place.bytes();
        Descriptor found;
        try (var directory = place.directory().reach()) {
            found = below(directory, name, Linux.O_PATH);
        }
        if (found == null) return null;
        boolean same = false;
        try {
            same = Linux.stat(found.number()).same(first);
        } finally {
            found.passing();
            if (!same) found.close();
        }
        return same ? found : null;
    }

    /// Opens what is at a path below a directory, in use by the caller.
    ///
    /// @return null when there is no such path without links
    final @Nullable Descriptor below(Descriptor directory, byte[] path, int flags) {
        try {
            return fs.descriptors.open(
                    false, () -> Linux.openBelow(directory.number(), path, flags, fs.submounts));
        } catch (ErrnoException e) {
            return switch (e.errno()) {
                case ENOENT, ENOTDIR, ELOOP, EXDEV -> null;
                default -> throw e;
            };
        }
    }

    /// Whether it may have some: on Linux links and what is no file have none of users'.
    final boolean hasExtended() {
        return fs.extended && (first.type() == Mode.REGULAR || first.directory());
    }

    public final List<String> extendedAttributes() {
        fs.pause.await();
        if (!hasExtended()) return List.of();
        try (var reached = reach()) {
            return UserAttributes.list(reached.number());
        }
    }

    public final byte @Nullable [] extendedAttribute(String name) {
        fs.pause.await();
        var bytes = UserAttributes.name(name);
        if (bytes == null || !hasExtended()) return null;
        try (var reached = reach()) {
            return UserAttributes.get(reached.number(), bytes);
        }
    }

    public final void setExtendedAttribute(String name, byte @Nullable [] value) {
        fs.checkWritable();
        var bytes = UserAttributes.name(name);
        if (bytes == null || !hasExtended()) throw Errno.EOPNOTSUPP.exception();
        try (var reached = reach()) {
            if (value == null) UserAttributes.remove(reached.number(), bytes);
            else
                synchronized (this) {
                    UserAttributes.set(reached.number(), name, value);
                }
        }
    }

    public final Attributes attributes() {
        fs.pause.await();
        return fs.attributes(status());
    }

    public final void change(AttributeChange change) {
        fs.checkWritable();
        fs.owners.check(change.uid(), change.gid(), this);
        var mode = change.mode();
        if (mode == null && change.accessed() == null && change.modified() == null) return;
        try (var reached = reach()) {
            if (mode != null) Linux.chmod(reached.number(), fs.permissions(first.type(), mode));
            if (change.accessed() != null || change.modified() != null)
                Linux.utimens(reached.number(), change.accessed(), change.modified());
        }
    }
}
