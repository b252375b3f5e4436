package podium.vfs.impl;

import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// Who may do what (path_resolution(7), inode(7)). The superuser may do everything, but execute
/// only what somebody may.
final class Access {

    static final int EXECUTE = 1;
    static final int WRITE = 2;
    static final int READ = 4;

    private Access() {}

    static boolean superuser(Credentials who) {
        return who.euid() == 0;
    }

    static boolean owner(Credentials who, Attributes what) {
        return superuser(who) || who.euid() == what.uid();
    }

    static boolean allowed(Credentials who, Attributes what, int wish) {
        int mode = what.mode();
        if (superuser(who))
            return (wish & EXECUTE) == 0 || what.isDirectory() || (mode & 0111) != 0;
        int shift = who.euid() == what.uid() ? 6 : who.member(what.gid()) ? 3 : 0;
        return (mode >> shift & wish) == wish;
    }

    /// @throws podium.syscall.ErrnoException `EACCES`
    static void check(Credentials who, Inode inode, int wish) {
        if (superuser(who) && ((wish & EXECUTE) == 0 || inode.isDirectory())) return;
        if (!allowed(who, inode.attributes(), wish)) throw Errno.EACCES.exception();
    }

    /// Whether a directory's entries may change.
    ///
    /// @throws podium.syscall.ErrnoException `EROFS`, `EACCES`
    static void checkChange(Credentials who, Entry directory) {
        if (directory.mount.readOnly()) throw Errno.EROFS.exception();
        check(who, directory.inode, WRITE | EXECUTE);
    }

    /// Whether an entry may be removed or moved: in a sticky directory by few.
    ///
    /// @throws podium.syscall.ErrnoException `EROFS`, `EACCES`, `EPERM`
    static void checkRemoval(Credentials who, Entry directory, Entry victim) {
        checkChange(who, directory);
        if (superuser(who)) return;
        var attributes = directory.attributes();
        if ((attributes.mode() & Mode.STICKY) == 0) return;
        if (!owner(who, attributes) && !owner(who, victim.attributes()))
            throw Errno.EPERM.exception();
    }
}
