package podium.vfs.impl;

import static podium.syscall.OpenFile.*;

import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.FileWatcher;
import podium.vfs.Location;
import podium.vfs.Mode;

/// Opens by path (open(2)).
final class Opener {

    /// The bit of O_TMPFILE that is not O_DIRECTORY.
    private static final int TMPFILE = O_TMPFILE & ~O_DIRECTORY;

    private final FileSystems kernel;

    Opener(FileSystems kernel) {
        this.kernel = kernel;
    }

    OpenFile open(Context context, @Nullable Location at, String path, int asked, int mode) {
        int flags = checked(asked);
        try (var walker = new Walker(context)) {
            boolean follow = (flags & O_NOFOLLOW) == 0;
            if ((flags & TMPFILE) != 0)
                return unnamed(context, walker.resolve(at, path, follow), flags, mode);
            if ((flags & O_CREAT) == 0)
                return existing(walker.who(), walker.resolve(at, path, follow), flags);
            return create(context, walker.start(at, path), flags, mode);
        }
    }

    private static int checked(int flags) {
        if ((flags & O_PATH) != 0) return flags & (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if ((flags & TMPFILE) != 0) {
            boolean readOnly = (flags & O_ACCMODE) == O_RDONLY;
            if ((flags & O_TMPFILE) != O_TMPFILE || (flags & O_CREAT) != 0 || readOnly)
                throw Errno.EINVAL.exception();
        }
        if ((flags & O_CREAT) != 0 && (flags & O_DIRECTORY) != 0) throw Errno.EINVAL.exception();
        return flags;
    }

    private OpenFile create(Context context, Walker walker, int flags, int mode) {
        boolean exclusive = (flags & O_EXCL) != 0;
        for (; ; ) {
            boolean named = walker.kind() == Walker.Last.NAME;
            if (named && walker.slash()) throw Errno.EISDIR.exception();
            var entry = walker.known();
            if (entry == null && named) {
                var made = created(context, walker, flags, mode);
                if (made != null) return made;
                entry = walker.entry();
                // Somebody else has made it, and removed it again.
                if (entry == null) continue;
            }
            if (entry == null) throw Errno.ENOENT.exception();
            if (exclusive) throw Errno.EEXIST.exception();
            if (entry.inode.isDirectory()) throw Errno.EISDIR.exception();
            if (entry.inode instanceof LinkInode link && (flags & O_NOFOLLOW) == 0)
                walker.follow(link);
            else return existing(walker.who(), entry, flags);
        }
    }

    /// @return null when there is something of that name, if that may be
    private static @Nullable OpenFile created(Context context, Walker walker, int flags, int mode) {
        var parent = walker.parent();
        int permissions = mode & Mode.PERMISSIONS & ~context.umask();
        var names = parent.directory().names;
        names.lock();
        try {
            if ((flags & O_EXCL) == 0 && walker.named() != null) return null;
            var entry =
                    Names.add(
                            walker,
                            (directory, name, uid, gid) ->
                                    directory.create(name, permissions, uid, gid));
            entry.tellDirectory(FileWatcher.CREATE);
            return new RegularFile(walker.who(), entry, flags);
        } finally {
            names.unlock();
        }
    }

    private static OpenFile unnamed(Context context, Entry directory, int flags, int mode) {
        if (!(directory.inode instanceof DirectoryInode there)) throw Errno.ENOTDIR.exception();
        var who = context.credentials();
        Access.checkChange(who, directory);
        int permissions = mode & Mode.PERMISSIONS & ~context.umask();
        var inode = there.createUnnamed(permissions, who.euid(), who.egid());
        var name = directory.path() + "/#" + inode.attributes().inode() + " (deleted)";
        return new RegularFile(
                who,
                Entry.unnamed(directory.mount, name, inode),
                flags & ~(O_TMPFILE & ~O_DIRECTORY));
    }

    private OpenFile existing(Credentials who, Entry entry, int flags) {
        var inode = entry.inode;
        boolean directory = inode.isDirectory();
        if ((flags & O_DIRECTORY) != 0 && !directory) throw Errno.ENOTDIR.exception();
        if ((flags & O_PATH) != 0) return new PathFile(entry, flags);
        int wish = wish(flags);
        switch (inode) {
            case LinkInode _ -> throw Errno.ELOOP.exception();
            case DirectoryInode _ -> {
                if ((wish & Access.WRITE) != 0) throw Errno.EISDIR.exception();
            }
            case RegularInode _ -> {
                if ((wish & Access.WRITE) != 0 && entry.readOnly()) throw Errno.EROFS.exception();
            }
            case SpecialInode _ -> {}
        }
        Access.check(who, inode, wish);
        if ((flags & O_NOATIME) != 0 && !Access.owner(who, entry.attributes()))
            throw Errno.EPERM.exception();
        return switch (inode) {
            case DirectoryInode _ -> new DirectoryFile(entry, flags);
            case SpecialInode special -> special(entry, special, flags);
            default -> regular(who, entry, flags);
        };
    }

    private static int wish(int flags) {
        int wish =
                switch (flags & O_ACCMODE) {
                    case O_RDONLY -> Access.READ;
                    case O_WRONLY -> Access.WRITE;
                    default -> Access.READ | Access.WRITE;
                };
        return (flags & O_TRUNC) != 0 ? wish | Access.WRITE : wish;
    }

    private static OpenFile regular(Credentials who, Entry entry, int flags) {
        var file = new RegularFile(who, entry, flags);
        if ((flags & O_TRUNC) != 0) {
            try {
                Changes.resize(who, entry, 0);
            } catch (ErrnoException e) {
                file.release();
                throw e;
            }
        }
        return file;
    }

    private OpenFile special(Entry entry, SpecialInode special, int flags) {
        var file = special.open(flags);
        if (special.backend() instanceof OpenNode && file != null) return file;
        if (file == null) file = kernelFile(entry, flags);
        try {
            return new DeviceFile(entry, file);
        } catch (ErrnoException e) {
            file.release();
            throw e;
        }
    }

    private OpenFile kernelFile(Entry entry, int flags) {
        var objects = kernel.kernel().get();
        if (objects == null) throw Errno.ENXIO.exception();
        var attributes = entry.attributes();
        return switch (Mode.type(attributes.mode())) {
            case Mode.FIFO -> entry.inode.fifo().open(objects, flags);
            case Mode.CHARACTER -> objects.device(attributes.device(), flags);
            default -> throw Errno.ENXIO.exception();
        };
    }
}
