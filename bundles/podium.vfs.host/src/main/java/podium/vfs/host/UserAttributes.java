package podium.vfs.host;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.vfs.backend.ExtendedAttributes;

/// Extended attributes of the host's (xattr(7)), those of the namespace `user`. The others mean
/// something to the host itself, as a program's privileges in `security`: no guest sees or sets
/// them, whatever Podium may do.
final class UserAttributes {

    private static final String NAMESPACE = "user.";
    private static final int NAME_MAX = 255;
    private static final byte[] PROBE = LinuxString.encode(NAMESPACE + "podium");

    private UserAttributes() {}

    /// Whether the host's file system has any.
    static boolean supported(int descriptor) {
        try {
            Linux.xattrSize(descriptor, PROBE);
            return true;
        } catch (ErrnoException e) {
            return e.errno() != Errno.EOPNOTSUPP;
        }
    }

    /// A name's bytes, checked once more: what is no such name never reaches the host.
    ///
    /// @return null: of another namespace
    /// @throws podium.syscall.ErrnoException `EINVAL`, `ERANGE`: it is none
    static byte @Nullable [] name(String name) {
        if (!name.startsWith(NAMESPACE)) return null;
        var bytes = LinuxString.encode(name);
        if (bytes.length > NAME_MAX) throw Errno.ERANGE.exception();
        if (bytes.length == NAMESPACE.length()) throw Errno.EINVAL.exception();
        for (byte b : bytes) if (b == 0) throw Errno.EINVAL.exception();
        return bytes;
    }

    static List<String> list(int descriptor) {
        var names = new ArrayList<String>();
        try {
            var all = LinuxString.decode(Linux.listxattr(descriptor));
            for (var name : all.split("\0")) if (name.startsWith(NAMESPACE)) names.add(name);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EOPNOTSUPP) throw e;
        }
        return names;
    }

    static byte @Nullable [] get(int descriptor, byte[] name) {
        try {
            return Linux.getxattr(descriptor, name);
        } catch (ErrnoException e) {
            if (isThere(e)) throw e;
            return null;
        }
    }

    /// @throws podium.syscall.ErrnoException `ENOSPC`: all of them would be more than an inode may
    ///     have. Some file systems of the host have no end of their own, and keep them in memory.
    static void set(int descriptor, String name, byte[] value) {
        long size = ExtendedAttributes.size(name, value.length);
        for (var other : list(descriptor)) if (!other.equals(name)) size += size(descriptor, other);
        if (size > ExtendedAttributes.MOST) throw Errno.ENOSPC.exception();
        Linux.setxattr(descriptor, LinuxString.encode(name), value);
    }

    private static int size(int descriptor, String name) {
        try {
            int length = Linux.xattrSize(descriptor, LinuxString.encode(name));
            return ExtendedAttributes.size(name, length);
        } catch (ErrnoException e) {
            if (isThere(e)) throw e;
            return 0; // gone by now
        }
    }

    static void remove(int descriptor, byte[] name) {
        try {
            Linux.removexattr(descriptor, name);
        } catch (ErrnoException e) {
            if (isThere(e)) throw e;
        }
    }

    /// Whether an error says anything else than that there is none.
    private static boolean isThere(ErrnoException e) {
        return e.errno() != Errno.ENODATA && e.errno() != Errno.EOPNOTSUPP;
    }
}
