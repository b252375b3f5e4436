package podium.vfs.impl;

import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.vfs.FileWatcher;
import podium.vfs.Location;
import podium.vfs.Mode;
import podium.vfs.MountNamespace;

/// Makes and removes names.
final class Names {

    private static final int TARGET_MAX = 4095;

    private Names() {}

    /// Makes the inode of a new name in a directory.
    @FunctionalInterface
    interface Maker {
        Inode make(DirectoryInode directory, String name, int uid, int gid);
    }

    static void makeDirectory(Context context, @Nullable Location at, String path, int mode) {
        int permissions = mode & 01777 & ~context.umask();
        try (var walker = new Walker(context).start(at, path)) {
            checkFree(walker, true);
            // A directory below one with the set-group-ID bit has it, too.
            int inherited = walker.parent().attributes().mode() & Mode.SETGID;
            make(
                    walker,
                    (directory, name, uid, gid) ->
                            directory.createDirectory(name, permissions | inherited, uid, gid));
        }
    }

    static void makeNode(
            Context context, @Nullable Location at, String path, int mode, long device) {
        int permissions = mode & Mode.PERMISSIONS & ~context.umask();
        int type = Mode.type(mode);
        switch (type) {
            case 0, Mode.REGULAR, Mode.FIFO, Mode.SOCKET, Mode.CHARACTER, Mode.BLOCK -> {}
            case Mode.DIRECTORY -> throw Errno.EPERM.exception();
            default -> throw Errno.EINVAL.exception();
        }
        boolean numbered = type == Mode.CHARACTER || type == Mode.BLOCK;
        // Character device 0:0 is a whiteout, which is nobody's secret (mknod(2)).
        boolean privileged = numbered && !(type == Mode.CHARACTER && device == 0);
        Maker maker =
                type == 0 || type == Mode.REGULAR
                        ? (directory, name, uid, gid) ->
                                directory.create(name, permissions, uid, gid)
                        : (directory, name, uid, gid) -> {
                            if (privileged && !Access.superuser(context.credentials()))
                                throw Errno.EPERM.exception();
                            return directory.createSpecial(
                                    name, type | permissions, numbered ? device : 0, uid, gid);
                        };
        try (var walker = new Walker(context).start(at, path)) {
            checkFree(walker, false);
            make(walker, maker);
        }
    }

    static void symlink(Context context, String target, @Nullable Location at, String path) {
        if (target.isEmpty()) throw Errno.ENOENT.exception();
        if (LinuxString.encode(target).length > TARGET_MAX) throw Errno.ENAMETOOLONG.exception();
        try (var walker = new Walker(context).start(at, path)) {
            checkFree(walker, false);
            make(
                    walker,
                    (directory, name, uid, gid) -> directory.createLink(name, target, uid, gid));
        }
    }

    static void link(
            Context context,
            @Nullable Location from,
            String existing,
            @Nullable Location at,
            String path,
            int flags) {
        try (var source = new Walker(context);
                var walker = new Walker(context)) {
            boolean itself = existing.isEmpty() && (flags & MountNamespace.AT_EMPTY_PATH) != 0;
            var entry =
                    itself
                            ? from == null ? context.workingDirectory() : Entry.of(from)
                            : source.resolve(
                                    from,
                                    existing,
                                    (flags & MountNamespace.AT_SYMLINK_FOLLOW) != 0);
            walker.start(at, path);
            checkFree(walker, false);
            if (walker.entry() != null) throw Errno.EEXIST.exception();
            if (entry.mount != walker.parent().mount) throw Errno.EXDEV.exception();
            Access.checkChange(walker.who(), walker.parent());
            if (entry.inode.isDirectory()) throw Errno.EPERM.exception();
            make(
                    walker,
                    (directory, name, _, _) -> {
                        directory.link(name, entry.node());
                        return entry.inode;
                    });
            entry.inode.modified();
            entry.inode.tell(FileWatcher.ATTRIB, 0, null);
        }
    }

    /// Whether there is something in the way already. (Where nothing is known, [#make] looks.)
    ///
    /// @param directory whether the new name may have slashes behind it
    private static void checkFree(Walker walker, boolean directory) {
        boolean misplaced = walker.slash() && !directory;
        var there = misplaced ? walker.entry() : walker.known();
        if (walker.kind() != Walker.Last.NAME || there != null) throw Errno.EEXIST.exception();
        if (misplaced) throw Errno.ENOENT.exception();
    }

    private static void make(Walker walker, Maker maker) {
        var parent = walker.parent();
        var names = parent.directory().names;
        Entry made;
        names.lock();
        try {
            made = add(walker, maker);
        } finally {
            names.unlock();
        }
        made.tellDirectory(FileWatcher.CREATE);
    }

    /// Makes a name and its entry. The directory's names are locked.
    ///
    /// Whether there is such a name already the backend says itself: it need not be looked up
    /// before, but where something is remembered; only after a failure, since what is there is
    /// there, whatever else forbids to make it.
    ///
    /// @throws podium.syscall.ErrnoException `EEXIST`, or why it cannot be made
    static Entry add(Walker walker, Maker maker) {
        boolean asked = walker.isRemembered();
        if (asked && walker.named() != null) throw Errno.EEXIST.exception();
        try {
            Access.checkChange(walker.who(), walker.parent());
            return add(walker.who(), walker.parent(), walker.name(), maker);
        } catch (ErrnoException e) {
            if (!asked && walker.named() != null) throw Errno.EEXIST.exception();
            throw e;
        }
    }

    private static Entry add(Credentials who, Entry parent, String name, Maker maker) {
        if (parent.gone()) throw Errno.ENOENT.exception();
        var attributes = parent.attributes();
        int gid = (attributes.mode() & Mode.SETGID) != 0 ? attributes.gid() : who.egid();
        var inode = maker.make(parent.directory(), name, who.euid(), gid);
        var entry = new Entry(parent.mount, parent, name, inode);
        parent.remember(entry);
        parent.inode.modified();
        return entry;
    }

    static void unlink(Context context, @Nullable Location at, String path, boolean directory) {
        try (var walker = new Walker(context).start(at, path)) {
            checkRemovable(walker.kind(), directory);
            var parent = walker.parent();
            if (parent.mount.readOnly()) throw Errno.EROFS.exception();
            walker.checkName();
            var names = parent.directory().names;
            Entry victim;
            names.lock();
            try {
                victim = removed(walker, parent, directory);
            } finally {
                names.unlock();
            }
            tell(parent, victim);
        }
    }

    private static Entry removed(Walker walker, Entry parent, boolean directory) {
        var victim = walker.named();
        if (victim == null) throw Errno.ENOENT.exception();
        if (walker.slash() && !directory)
            throw (victim.inode.isDirectory() ? Errno.EISDIR : Errno.ENOTDIR).exception();
        Access.checkRemoval(walker.who(), parent, victim);
        remove(parent, victim, directory);
        return victim;
    }

    private static void checkRemovable(Walker.Last kind, boolean directory) {
        if (kind == Walker.Last.NAME) return;
        if (!directory) throw Errno.EISDIR.exception();
        throw switch (kind) {
            case DOT -> Errno.EINVAL.exception();
            case DOT_DOT -> Errno.ENOTEMPTY.exception();
            default -> Errno.EBUSY.exception();
        };
    }

    private static void remove(Entry parent, Entry victim, boolean directory) {
        var there = parent.directory();
        boolean isDirectory = victim.inode.isDirectory();
        if (directory != isDirectory) throw (directory ? Errno.ENOTDIR : Errno.EISDIR).exception();
        if (victim.mounted() != null) throw Errno.EBUSY.exception();
        if (isDirectory) {
            there.removeDirectory(victim.name());
            victim.remove();
            parent.mount.namespace.moved();
        } else there.unlink(victim.name(), victim);
        parent.inode.modified();
    }

    /// Tells the watchers of a removed name.
    private static void tell(Entry parent, Entry victim) {
        if (parent.mount.namespace.watched.get() == 0) return;
        int bits = victim.inode.isDirectory() ? FileWatcher.IS_DIRECTORY : 0;
        victim.inode.unlinked();
        parent.inode.tell(FileWatcher.DELETE | bits, 0, victim.name());
    }
}
