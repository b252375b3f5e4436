package podium.vfs.impl;

import java.util.List;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.LinuxString;
import podium.vfs.FileSystem.Capability;
import podium.vfs.FileWatcher;
import podium.vfs.Mode;

/// Who may do what with extended attributes (xattr(7)), of which namespaces those called `user` are
/// everybody's.
final class ExtendedAttributes {

    private static final int NAME_MAX = 255;
    private static final int SIZE_MAX = 65_536;

    private static final int CREATE = 1;
    private static final int REPLACE = 2;

    private static final String USER = "user.";
    private static final String TRUSTED = "trusted.";
    private static final String SECURITY = "security.";

    private ExtendedAttributes() {}

    static List<String> list(Credentials who, Entry entry) {
        var all = entry.inode.extendedAttributes();
        if (Access.superuser(who)) return all;
        return all.stream().filter(name -> !name.startsWith(TRUSTED)).toList();
    }

    static byte[] get(Credentials who, Entry entry, String name) {
        checkName(name);
        if (name.startsWith(TRUSTED) && !Access.superuser(who)) throw Errno.ENODATA.exception();
        if (name.startsWith(USER)) {
            if (!mayHave(entry)) throw Errno.ENODATA.exception();
            Access.check(who, entry.inode, Access.READ);
        }
        checkKept(entry, name);
        var value = entry.inode.extendedAttribute(name);
        if (value == null) throw Errno.ENODATA.exception();
        return value;
    }

    static void set(Credentials who, Entry entry, String name, byte[] value, int flags) {
        if ((flags & ~(CREATE | REPLACE)) != 0) throw Errno.EINVAL.exception();
        checkName(name);
        if (value.length > SIZE_MAX) throw Errno.E2BIG.exception();
        checkChange(who, entry, name);
        boolean fresh = (flags & CREATE) != 0;
        entry.inode.setExtendedAttribute(name, value, fresh, (flags & REPLACE) != 0);
        entry.tell(FileWatcher.ATTRIB);
    }

    static void remove(Credentials who, Entry entry, String name) {
        checkName(name);
        checkChange(who, entry, name);
        entry.inode.setExtendedAttribute(name, null, false, true);
        entry.tell(FileWatcher.ATTRIB);
    }

    private static void checkName(String name) {
        int length = LinuxString.encode(name).length;
        if (length == 0 || length > NAME_MAX) throw Errno.ERANGE.exception();
    }

    private static void checkChange(Credentials who, Entry entry, String name) {
        if (entry.readOnly()) throw Errno.EROFS.exception();
        boolean user = name.startsWith(USER);
        boolean superusers = name.startsWith(TRUSTED) || name.startsWith(SECURITY);
        if (superusers && !Access.superuser(who)) throw Errno.EPERM.exception();
        if (user) {
            if (!mayHave(entry)) throw Errno.EPERM.exception();
            var now = entry.attributes();
            boolean sticky = now.isDirectory() && (now.mode() & Mode.STICKY) != 0;
            if (sticky && !Access.owner(who, now)) throw Errno.EPERM.exception();
            Access.check(who, entry.inode, Access.WRITE);
        }
        checkKept(entry, name);
    }

    /// What has permissions for something else than its content has no attributes of users'.
    private static boolean mayHave(Entry entry) {
        return entry.inode instanceof RegularInode || entry.inode.isDirectory();
    }

    /// @throws podium.syscall.ErrnoException `EOPNOTSUPP`: not here; `EINVAL`: a namespace is no
    ///     name
    private static void checkKept(Entry entry, String name) {
        if (!entry.mount.fs().capabilities().contains(Capability.EXTENDED_ATTRIBUTES))
            throw Errno.EOPNOTSUPP.exception();
        for (var namespace : List.of(USER, TRUSTED, SECURITY)) {
            if (name.equals(namespace)) throw Errno.EINVAL.exception();
            if (name.startsWith(namespace)) return;
        }
        throw Errno.EOPNOTSUPP.exception();
    }
}
