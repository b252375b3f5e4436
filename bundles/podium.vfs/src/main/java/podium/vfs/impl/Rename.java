package podium.vfs.impl;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.vfs.FileWatcher;
import podium.vfs.Location;
import podium.vfs.MountNamespace;

/// Moves names (rename(2)).
final class Rename {

    private static final AtomicInteger COOKIES = new AtomicInteger(1);

    private final Walker from;
    private final Walker to;
    private final boolean replace;
    private final boolean exchange;

    private Rename(Walker from, Walker to, int flags) {
        this.from = from;
        this.to = to;
        replace = (flags & MountNamespace.RENAME_NOREPLACE) == 0;
        exchange = (flags & MountNamespace.RENAME_EXCHANGE) != 0;
    }

    static void rename(
            Context context,
            @Nullable Location from,
            String old,
            @Nullable Location to,
            String path,
            int flags) {
        int known = MountNamespace.RENAME_NOREPLACE | MountNamespace.RENAME_EXCHANGE;
        if ((flags & ~known) != 0 || flags == known) throw Errno.EINVAL.exception();
        try (var source = new Walker(context);
                var target = new Walker(context)) {
            source.start(from, old);
            target.start(to, path);
            new Rename(source, target, flags).run();
        }
    }

    private void run() {
        var mount = from.parent().mount;
        if (mount != to.parent().mount) throw Errno.EXDEV.exception();
        if (from.kind() != Walker.Last.NAME) throw Errno.EBUSY.exception();
        if (to.kind() != Walker.Last.NAME) throw (replace ? Errno.EBUSY : Errno.EEXIST).exception();
        if (mount.readOnly()) throw Errno.EROFS.exception();
        var renames = mount.namespace.renames;
        renames.lock();
        try {
            lockDirectories();
        } finally {
            renames.unlock();
        }
    }

    /// Nobody else locks two directories, so that their order does not matter.
    private void lockDirectories() {
        var source = from.parent().directory().names;
        var target = to.parent().directory().names;
        source.lock();
        target.lock();
        try {
            locked(from.who());
        } finally {
            target.unlock();
            source.unlock();
        }
    }

    private void locked(Credentials who) {
        // Looked at first, for NAME_MAX.
        if (from.entry() == null) throw Errno.ENOENT.exception();
        to.entry();
        var moved = Walker.lookup(from.parent(), from.name());
        if (moved == null) throw Errno.ENOENT.exception();
        var there = Walker.lookup(to.parent(), to.name());
        checkNames(moved, there);
        checkTree(moved, there);
        if (there != null && there.inode == moved.inode) return;
        checkAccess(who, moved, there);
        if (moved.mounted() != null || (there != null && there.mounted() != null))
            throw Errno.EBUSY.exception();
        move(moved, there);
        tell(moved, there);
    }

    private void checkNames(Entry moved, @Nullable Entry there) {
        if (!replace && there != null) throw Errno.EEXIST.exception();
        boolean directory = moved.inode.isDirectory();
        if (exchange) {
            if (there == null) throw Errno.ENOENT.exception();
            if (to.slash() && !there.inode.isDirectory()) throw Errno.ENOTDIR.exception();
        }
        if (!directory && (from.slash() || (!exchange && to.slash())))
            throw Errno.ENOTDIR.exception();
    }

    private void checkTree(Entry moved, @Nullable Entry there) {
        if (moved.inode.isDirectory() && Paths.below(moved, to.parent()))
            throw Errno.EINVAL.exception();
        if (there != null && there.inode.isDirectory() && Paths.below(there, from.parent()))
            throw (exchange ? Errno.EINVAL : Errno.ENOTEMPTY).exception();
    }

    private void checkAccess(Credentials who, Entry moved, @Nullable Entry there) {
        Access.checkRemoval(who, from.parent(), moved);
        if (there == null) Access.checkChange(who, to.parent());
        else {
            Access.checkRemoval(who, to.parent(), there);
            boolean directory = moved.inode.isDirectory();
            if (!exchange && directory != there.inode.isDirectory())
                throw (directory ? Errno.ENOTDIR : Errno.EISDIR).exception();
        }
        if (from.parent() == to.parent()) return;
        // Its `..` changes.
        if (moved.inode.isDirectory()) Access.check(who, moved.inode, Access.WRITE);
        if (exchange && there != null && there.inode.isDirectory())
            Access.check(who, there.inode, Access.WRITE);
    }

    private void move(Entry moved, @Nullable Entry there) {
        var directory = from.parent().directory();
        directory.rename(
                from.name(), to.parent().directory(), to.name(), exchange, exchange ? null : there);
        if (exchange && there != null) moved.exchange(there);
        else moved.move(to.parent(), to.name());
        if (moved.inode.isDirectory() || (there != null && there.inode.isDirectory()))
            moved.mount.namespace.moved();
        from.parent().inode.modified();
        to.parent().inode.modified();
        moved.inode.modified();
    }

    private void tell(Entry moved, @Nullable Entry there) {
        if (moved.mount.namespace.watched.get() == 0) return;
        told(moved, from.parent(), from.name(), to.parent(), to.name());
        if (there == null) return;
        if (exchange) told(there, to.parent(), to.name(), from.parent(), from.name());
        else there.inode.unlinked();
    }

    private static void told(Entry moved, Entry old, String oldName, Entry now, String newName) {
        int cookie = COOKIES.getAndIncrement();
        int bits = moved.inode.isDirectory() ? FileWatcher.IS_DIRECTORY : 0;
        old.inode.tell(FileWatcher.MOVED_FROM | bits, cookie, oldName);
        now.inode.tell(FileWatcher.MOVED_TO | bits, cookie, newName);
        moved.inode.tell(FileWatcher.MOVE_SELF | bits, 0, null);
    }
}
