package podium.vfs.impl;

import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.FileWatcher;
import podium.vfs.Mode;

/// Changes of attributes and sizes: who may, and what changes with them (chmod(2), chown(2),
/// utimensat(2), truncate(2)).
final class Changes {

    private Changes() {}

    static void change(Credentials who, Entry entry, AttributeChange change) {
        if (entry.readOnly()) throw Errno.EROFS.exception();
        var now = entry.attributes();
        if (change.mode() != null && now.isLink()) throw Errno.EOPNOTSUPP.exception();
        if (!Access.superuser(who)) check(who, now, change);
        var times = Inode.now();
        entry.inode.change(
                new AttributeChange(
                        mode(who, now, change),
                        change.uid(),
                        change.gid(),
                        present(change.accessed(), times),
                        present(change.modified(), times)));
        entry.tell(FileWatcher.ATTRIB);
    }

    private static void check(Credentials who, Attributes now, AttributeChange change) {
        boolean owner = Access.owner(who, now);
        if (change.mode() != null && !owner) throw Errno.EPERM.exception();
        if (change.uid() != null && (!owner || change.uid() != now.uid()))
            throw Errno.EPERM.exception();
        if (change.gid() != null
                && (!owner || (change.gid() != now.gid() && !who.member(change.gid()))))
            throw Errno.EPERM.exception();
        if (owner || (change.accessed() == null && change.modified() == null)) return;
        boolean present =
                AttributeChange.NOW.equals(change.accessed())
                        && AttributeChange.NOW.equals(change.modified());
        if (!present) throw Errno.EPERM.exception();
        if (!Access.allowed(who, now, Access.WRITE)) throw Errno.EACCES.exception();
    }

    /// A new owner loses what the set-id bits gave; a stranger to the group cannot set its bit.
    private static @Nullable Integer mode(Credentials who, Attributes now, AttributeChange change) {
        var mode = change.mode();
        if (mode != null) {
            int group = change.gid() != null ? change.gid() : now.gid();
            boolean stranger = !Access.superuser(who) && !who.member(group);
            return stranger && !now.isDirectory() ? mode & ~Mode.SETGID : mode;
        }
        // Nothing at all is chown(2) with -1 and -1.
        boolean chown = change.accessed() == null && change.modified() == null;
        if (!chown && change.uid() == null && change.gid() == null) return null;
        return now.isDirectory() || now.isLink() ? null : withoutSetIds(now);
    }

    /// The permissions of a file that somebody got hold of. A set-group-ID bit without the group's
    /// right to execute is no such bit (inode(7)).
    static int withoutSetIds(Attributes now) {
        int kept = now.mode() & Mode.PERMISSIONS & ~Mode.SETUID;
        return (kept & 010) != 0 ? kept & ~Mode.SETGID : kept;
    }

    private static @Nullable Long present(@Nullable Long time, long now) {
        return AttributeChange.NOW.equals(time) ? Long.valueOf(now) : time;
    }

    static void truncate(Credentials who, Entry entry, long size) {
        if (size < 0) throw Errno.EINVAL.exception();
        if (entry.inode.isDirectory()) throw Errno.EISDIR.exception();
        if (!(entry.inode instanceof RegularInode)) throw Errno.EINVAL.exception();
        if (entry.readOnly()) throw Errno.EROFS.exception();
        Access.check(who, entry.inode, Access.WRITE);
        resize(who, entry, size);
    }

    /// Without any check.
    static void resize(Credentials who, Entry entry, long size) {
        var file = (RegularInode) entry.inode;
        file.endSetIds(who);
        file.truncate(size);
        entry.inode.modified();
        entry.tell(FileWatcher.MODIFY);
    }
}
