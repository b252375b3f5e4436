package podium.testkit.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.LinuxString;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.FileLocks;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.MountNamespace;
import podium.vfs.Vfs;

/// The VFS, called as a system call would. For one thread.
public final class VfsPosix implements Posix {

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;

    private final FsContext context;
    private final MountNamespace namespace;
    private final Map<Integer, OpenFile> files = new HashMap<>();
    private Credentials credentials = Credentials.ROOT;
    private int next = 3;

    public VfsPosix(Vfs vfs, MountNamespace namespace) {
        this.namespace = namespace;
        try (var first = vfs.context(namespace, Credentials.ROOT)) {
            context = vfs.copy(first, () -> credentials);
        }
    }

    public FsContext context() {
        return context;
    }

    /// The file of a descriptor.
    public OpenFile file(int fd) {
        return get(fd);
    }

    private static int guarded(IntSupplier call) {
        try {
            return call.getAsInt();
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    private static int done(Runnable call) {
        return guarded(
                () -> {
                    call.run();
                    return 0;
                });
    }

    private OpenFile get(int fd) {
        var file = files.get(fd);
        if (file == null) throw Errno.EBADF.exception();
        return file;
    }

    @Override
    public int open(String path, int flags, int mode) {
        return guarded(
                () -> {
                    var file = namespace.open(context, null, path, flags, mode);
                    files.put(next, file);
                    return next++;
                });
    }

    @Override
    public int close(int fd) {
        return done(
                () -> {
                    get(fd).release();
                    files.remove(fd);
                });
    }

    @Override
    public int read(int fd, byte[] into, long position) {
        var buffer = ByteBuffer.wrap(into);
        return guarded(() -> position < 0 ? get(fd).read(buffer) : get(fd).read(buffer, position));
    }

    @Override
    public int write(int fd, byte[] from, long position) {
        var buffer = ByteBuffer.wrap(from);
        return guarded(
                () -> position < 0 ? get(fd).write(buffer) : get(fd).write(buffer, position));
    }

    @Override
    public long seek(int fd, long offset, int whence) {
        try {
            return get(fd).seek(offset, whence);
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    @Override
    public int truncate(int fd, long size) {
        return done(() -> get(fd).truncate(size));
    }

    @Override
    public int allocate(int fd, int mode, long offset, long length) {
        return done(() -> get(fd).allocate(mode, offset, length));
    }

    @Override
    public int mkdir(String path, int mode) {
        return done(() -> namespace.makeDirectory(context, null, path, mode));
    }

    @Override
    public int mknod(String path, int mode, long device) {
        return done(() -> namespace.makeNode(context, null, path, mode, device));
    }

    @Override
    public int unlink(String path, int flags) {
        return done(() -> namespace.unlink(context, null, path, flags));
    }

    @Override
    public int rename(String from, String to, int flags) {
        return done(() -> namespace.rename(context, null, from, null, to, flags));
    }

    @Override
    public int link(String from, String to, int flags) {
        return done(() -> namespace.link(context, null, from, null, to, flags));
    }

    @Override
    public int symlink(String target, String path) {
        return done(() -> namespace.symlink(context, target, null, path));
    }

    @Override
    public int readlink(String path, byte[] into) {
        return guarded(
                () -> {
                    var target = LinuxString.encode(namespace.readLink(context, null, path));
                    int count = Math.min(target.length, into.length);
                    System.arraycopy(target, 0, into, 0, count);
                    return count;
                });
    }

    @Override
    public int stat(String path, int flags, Status into) {
        return done(() -> put(namespace.resolve(context, null, path, flags).attributes(), into));
    }

    @Override
    public int fstat(int fd, Status into) {
        return done(() -> put(get(fd).attributes(), into));
    }

    private static void put(Attributes from, Status into) {
        into.mode = from.mode();
        into.links = from.links();
        into.uid = from.uid();
        into.gid = from.gid();
        into.size = from.size();
        into.inode = from.inode();
        into.accessed = from.accessed();
        into.modified = from.modified();
    }

    @Override
    public int chmod(String path, int mode) {
        return change(path, 0, AttributeChange.mode(mode));
    }

    @Override
    public int chown(String path, int uid, int gid, int flags) {
        return change(
                path, flags, AttributeChange.owner(uid == -1 ? null : uid, gid == -1 ? null : gid));
    }

    @Override
    public int utimens(String path, long accessed, long modified, int flags) {
        return change(path, flags, AttributeChange.times(accessed, modified));
    }

    private int change(String path, int flags, AttributeChange change) {
        return done(
                () ->
                        namespace.change(
                                context, namespace.resolve(context, null, path, flags), change));
    }

    @Override
    public int access(String path, int mode) {
        return done(
                () ->
                        namespace.access(
                                context, namespace.resolve(context, null, path, 0), mode, false));
    }

    private Location place(String path, boolean follow) {
        return namespace.resolve(context, null, path, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    }

    private static int give(byte[] value, byte[] into) {
        if (into.length == 0) return value.length;
        if (into.length < value.length) throw Errno.ERANGE.exception();
        System.arraycopy(value, 0, into, 0, value.length);
        return value.length;
    }

    @Override
    public int setxattr(String path, boolean follow, String name, byte[] value, int flags) {
        return done(
                () ->
                        namespace.setExtendedAttribute(
                                context, place(path, follow), name, value, flags));
    }

    @Override
    public int getxattr(String path, boolean follow, String name, byte[] into) {
        return guarded(
                () -> give(namespace.extendedAttribute(context, place(path, follow), name), into));
    }

    @Override
    public int listxattr(String path, boolean follow, byte[] into) {
        return guarded(
                () -> {
                    var all = namespace.extendedAttributes(context, place(path, follow));
                    var text = new StringBuilder();
                    for (var name : all) text.append(name).append('\0');
                    return give(LinuxString.encode(text.toString()), into);
                });
    }

    @Override
    public int removexattr(String path, boolean follow, String name) {
        return done(() -> namespace.removeExtendedAttribute(context, place(path, follow), name));
    }

    private Location place(int fd) {
        var file = get(fd);
        if ((file.flags() & OpenFile.O_PATH) != 0) throw Errno.EBADF.exception();
        var place = file.location();
        if (place == null) throw Errno.EOPNOTSUPP.exception();
        return place;
    }

    @Override
    public int fsetxattr(int fd, String name, byte[] value, int flags) {
        return done(() -> namespace.setExtendedAttribute(context, place(fd), name, value, flags));
    }

    @Override
    public int fgetxattr(int fd, String name, byte[] into) {
        return guarded(() -> give(namespace.extendedAttribute(context, place(fd), name), into));
    }

    @Override
    public int flock(int fd, int operation) {
        return guarded(
                () -> {
                    var type =
                            switch (operation & ~4) {
                                case 1 -> FileLocks.Type.READ;
                                case 2 -> FileLocks.Type.WRITE;
                                case 8 -> FileLocks.Type.UNLOCK;
                                default -> throw Errno.EINVAL.exception();
                            };
                    @Nullable FileLocks locks = get(fd).locks();
                    if (locks == null) throw Errno.EBADF.exception();
                    var lock =
                            new FileLocks.Lock(
                                    FileLocks.Kind.WHOLE, type, get(fd), -1, 0, Long.MAX_VALUE);
                    return locks.set(lock) ? 0 : Errno.EAGAIN.negated();
                });
    }

    @Override
    public int lock(int fd, int type, long start, long length) {
        return guarded(
                () -> {
                    var file = get(fd);
                    var locks = file.locks();
                    boolean allowed = type == 0 ? file.readable() : type != 1 || file.writable();
                    if (locks == null || !allowed) throw Errno.EBADF.exception();
                    return locks.set(record(file, type, start, length))
                            ? 0
                            : Errno.EAGAIN.negated();
                });
    }

    @Override
    public @Nullable String locked(int fd, int type, long start, long length) {
        var locks = get(fd).locks();
        if (locks == null) return null;
        var other = locks.conflict(record(get(fd), type, start, length));
        if (other == null) return "";
        long size = other.last() == Long.MAX_VALUE ? 0 : other.last() - other.first() + 1;
        return other.type().ordinal() + " " + other.first() + " " + size;
    }

    private static FileLocks.Lock record(OpenFile file, int type, long start, long length) {
        if (length - 1 > Long.MAX_VALUE - start) throw Errno.EOVERFLOW.exception();
        long last = length == 0 ? Long.MAX_VALUE : start + length - 1;
        return new FileLocks.Lock(
                FileLocks.Kind.RECORD, FileLocks.Type.values()[type], file, -1, start, last);
    }

    /// Not here: inotify instances are files that system calls make.
    @Override
    public int watch(String path, int mask) {
        return Errno.ENOSYS.negated();
    }

    @Override
    public int unwatch(int watch) {
        return Errno.ENOSYS.negated();
    }

    @Override
    public int events(byte[] into) {
        return Errno.ENOSYS.negated();
    }

    @Override
    public int names(String path, List<String> into) {
        int fd = open(path, OpenFile.O_DIRECTORY, 0);
        if (fd < 0) return fd;
        var buffer = ByteBuffer.allocate(512);
        int count;
        while ((count = get(fd).readDirectory(buffer.clear())) > 0) names(buffer, count, into);
        close(fd);
        return count;
    }

    /// Adds the names of some `linux_dirent64`.
    public static void names(ByteBuffer entries, int length, List<String> into) {
        entries.order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < length; at += entries.getShort(at + 16)) {
            int end = at + 19;
            while (entries.get(end) != 0) end++;
            var name = new byte[end - at - 19];
            entries.get(at + 19, name);
            into.add(new String(name, StandardCharsets.UTF_8));
        }
    }

    @Override
    public void user(int uid, int gid) {
        credentials = new Credentials(uid, uid, uid, gid, gid, gid);
    }

    @Override
    public void close() {
        for (var file : files.values()) file.release();
        context.close();
        namespace.close();
    }

    /// `lstat`.
    public int lstat(String path, Status into) {
        return stat(path, AT_SYMLINK_NOFOLLOW, into);
    }
}
