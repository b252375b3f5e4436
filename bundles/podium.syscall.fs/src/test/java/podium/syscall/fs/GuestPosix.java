package podium.syscall.fs;

import static podium.syscall.fs.TestTask.call;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.testkit.posix.Posix;
import podium.testkit.posix.VfsPosix;
import podium.vfs.MountNamespace;
import podium.vfs.Vfs;

/// The system calls as a guest's libc makes them: with structures in linear memory.
final class GuestPosix implements Posix {

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int BUFFER = 0x10000;
    private static final int BUFFER_SIZE = 0x40000;

    private final PathSyscalls paths = new PathSyscalls();
    private final StatusSyscalls status = new StatusSyscalls();
    private final ChangeSyscalls changes = new ChangeSyscalls();
    private final TransferSyscalls transfers = new TransferSyscalls();
    private final DescriptorSyscalls descriptors = new DescriptorSyscalls();
    private final XattrSyscalls xattrs = new XattrSyscalls();
    private final InotifySyscalls watches = new InotifySyscalls();
    private final MountNamespace namespace;
    private final TestTask test;
    private final Task task;

    /// Descriptors as callers know them: never reused, as natively.
    private final Map<Integer, Integer> files = new HashMap<>();

    private int next = 3;
    private int inotify = -1;
    private boolean vectors;

    GuestPosix(Vfs vfs, MountNamespace namespace) {
        this.namespace = namespace;
        test = new TestTask(vfs, namespace, 1);
        task = test.task;
    }

    private int real(int fd) {
        return files.getOrDefault(fd, -1);
    }

    private static int low(long number) {
        return (int) number;
    }

    private static int high(long number) {
        return (int) (number >>> 32);
    }

    @Override
    public int open(String path, int flags, int mode) {
        int fd = call(() -> paths.openat(task, AT_FDCWD, path, flags | OpenFile.O_LARGEFILE, mode));
        if (fd < 0) return fd;
        files.put(next, fd);
        return next++;
    }

    @Override
    public int close(int fd) {
        int result = call(() -> descriptors.close(task, real(fd)));
        files.remove(fd);
        return result;
    }

    @Override
    public int read(int fd, byte[] into, long position) {
        int vector = vector(into.length);
        var memory = task.memory();
        int count =
                call(
                        () ->
                                position < 0
                                        ? vectors
                                                ? transfers.readv(
                                                        task, memory, real(fd), 16, vector)
                                                : transfers.read(
                                                        task, memory, real(fd), BUFFER, into.length)
                                        : vectors
                                                ? transfers.preadv(
                                                        task,
                                                        memory,
                                                        real(fd),
                                                        16,
                                                        vector,
                                                        low(position),
                                                        high(position))
                                                : transfers.pread64(
                                                        task,
                                                        memory,
                                                        real(fd),
                                                        BUFFER,
                                                        into.length,
                                                        low(position),
                                                        high(position)));
        if (count > 0) memory.buffer(BUFFER, count).get(into, 0, count);
        return count;
    }

    @Override
    public int write(int fd, byte[] from, long position) {
        task.memory().put(BUFFER, from);
        int vector = vector(from.length);
        var memory = task.memory();
        return call(
                () ->
                        position < 0
                                ? vectors
                                        ? transfers.writev(task, memory, real(fd), 16, vector)
                                        : transfers.write(
                                                task, memory, real(fd), BUFFER, from.length)
                                : vectors
                                        ? transfers.pwritev(
                                                task,
                                                memory,
                                                real(fd),
                                                16,
                                                vector,
                                                low(position),
                                                high(position))
                                        : transfers.pwrite64(
                                                task,
                                                memory,
                                                real(fd),
                                                BUFFER,
                                                from.length,
                                                low(position),
                                                high(position)));
    }

    /// Every other transfer is scattered over three parts, at address 16.
    ///
    /// @return how many
    private int vector(int length) {
        vectors = !vectors;
        int third = length / 3;
        int[] lengths = {third, 0, third, length - 2 * third};
        int at = BUFFER;
        for (int i = 0; i < 4; i++) {
            task.memory().putInt(16 + 8 * i, at);
            task.memory().putInt(16 + 8 * i + 4, lengths[i]);
            at += lengths[i];
        }
        return 4;
    }

    @Override
    public long seek(int fd, long offset, int whence) {
        int result =
                call(
                        () ->
                                transfers.llseek(
                                        task,
                                        task.memory(),
                                        real(fd),
                                        high(offset),
                                        low(offset),
                                        8,
                                        whence));
        return result < 0 ? result : task.memory().getLong(8);
    }

    @Override
    public int truncate(int fd, long size) {
        return call(() -> changes.ftruncate64(task, real(fd), low(size), high(size)));
    }

    @Override
    public int allocate(int fd, int mode, long offset, long length) {
        return call(
                () ->
                        changes.fallocate(
                                task,
                                real(fd),
                                mode,
                                low(offset),
                                high(offset),
                                low(length),
                                high(length)));
    }

    @Override
    public int mkdir(String path, int mode) {
        return call(() -> paths.mkdirat(task, AT_FDCWD, path, mode));
    }

    @Override
    public int mknod(String path, int mode, long device) {
        return call(() -> paths.mknodat(task, AT_FDCWD, path, mode, (int) device));
    }

    @Override
    public int unlink(String path, int flags) {
        return call(() -> paths.unlinkat(task, AT_FDCWD, path, flags));
    }

    @Override
    public int rename(String from, String to, int flags) {
        return call(() -> paths.renameat2(task, AT_FDCWD, from, AT_FDCWD, to, flags));
    }

    @Override
    public int link(String from, String to, int flags) {
        return call(() -> paths.linkat(task, AT_FDCWD, from, AT_FDCWD, to, flags));
    }

    @Override
    public int symlink(String target, String path) {
        return call(() -> paths.symlinkat(task, target, AT_FDCWD, path));
    }

    @Override
    public int readlink(String path, byte[] into) {
        int count =
                call(
                        () ->
                                paths.readlinkat(
                                        task, task.memory(), AT_FDCWD, path, BUFFER, into.length));
        if (count > 0) task.memory().buffer(BUFFER, count).get(into, 0, count);
        return count;
    }

    @Override
    public int stat(String path, int flags, Status into) {
        return statx(AT_FDCWD, path, flags, into);
    }

    @Override
    public int fstat(int fd, Status into) {
        return statx(real(fd), "", AT_EMPTY_PATH, into);
    }

    private int statx(int fd, String path, int flags, Status into) {
        var memory = task.memory();
        int result = call(() -> status.statx(task, memory, fd, path, flags, 0x7ff, BUFFER));
        if (result < 0) return result;
        into.links = memory.getInt(BUFFER + 16);
        into.uid = memory.getInt(BUFFER + 20);
        into.gid = memory.getInt(BUFFER + 24);
        into.mode = memory.getShort(BUFFER + 28) & 0xffff;
        into.inode = memory.getLong(BUFFER + 32);
        into.size = memory.getLong(BUFFER + 40);
        into.accessed = time(BUFFER + 64);
        into.modified = time(BUFFER + 112);
        return 0;
    }

    private long time(int at) {
        return task.memory().getLong(at) * 1_000_000_000L + task.memory().getInt(at + 8);
    }

    @Override
    public int chmod(String path, int mode) {
        return call(() -> changes.fchmodat(task, AT_FDCWD, path, mode));
    }

    @Override
    public int chown(String path, int uid, int gid, int flags) {
        return call(() -> changes.fchownat(task, AT_FDCWD, path, uid, gid, flags));
    }

    @Override
    public int utimens(String path, long accessed, long modified, int flags) {
        var memory = task.memory();
        memory.putLong(BUFFER, Math.floorDiv(accessed, 1_000_000_000L));
        memory.putLong(BUFFER + 8, Math.floorMod(accessed, 1_000_000_000L));
        memory.putLong(BUFFER + 16, Math.floorDiv(modified, 1_000_000_000L));
        memory.putLong(BUFFER + 24, Math.floorMod(modified, 1_000_000_000L));
        int at = test.put(1024, path);
        return call(() -> changes.utimensat(task, memory, AT_FDCWD, at, BUFFER, flags));
    }

    @Override
    public int access(String path, int mode) {
        return call(() -> status.faccessat(task, AT_FDCWD, path, mode));
    }

    @Override
    public int flock(int fd, int operation) {
        return call(() -> descriptors.flock(task, real(fd), operation));
    }

    @Override
    public int lock(int fd, int type, long start, long length) {
        flock(type, start, length);
        return call(() -> descriptors.fcntl64(task, task.memory(), real(fd), 37, BUFFER));
    }

    @Override
    public @Nullable String locked(int fd, int type, long start, long length) {
        flock(type, start, length);
        int result = call(() -> descriptors.fcntl64(task, task.memory(), real(fd), 36, BUFFER));
        if (result < 0) return null;
        var memory = task.memory();
        int found = memory.getShort(BUFFER);
        return found == 2
                ? ""
                : found + " " + memory.getLong(BUFFER + 8) + " " + memory.getLong(BUFFER + 16);
    }

    private void flock(int type, long start, long length) {
        task.memory().clear(BUFFER, 32);
        task.memory().putShort(BUFFER, (short) type);
        task.memory().putLong(BUFFER + 8, start);
        task.memory().putLong(BUFFER + 16, length);
    }

    @Override
    public int watch(String path, int mask) {
        if (inotify < 0) inotify = watches.init(task, OpenFile.O_NONBLOCK);
        return call(() -> watches.addWatch(task, inotify, path, mask));
    }

    @Override
    public int unwatch(int watch) {
        return call(() -> watches.removeWatch(task, inotify, watch));
    }

    @Override
    public int events(byte[] into) {
        int count = call(() -> transfers.read(task, task.memory(), inotify, BUFFER, into.length));
        if (count > 0) task.memory().buffer(BUFFER, count).get(into, 0, count);
        return count;
    }

    private int taken(int count, byte[] into) {
        if (into.length > 0 && count > 0) task.memory().buffer(BUFFER, count).get(into, 0, count);
        return count;
    }

    @Override
    public int setxattr(String path, boolean follow, String name, byte[] value, int flags) {
        var memory = task.memory();
        memory.put(BUFFER, value);
        int size = value.length;
        return call(
                () ->
                        follow
                                ? xattrs.setxattr(task, memory, path, name, BUFFER, size, flags)
                                : xattrs.lsetxattr(task, memory, path, name, BUFFER, size, flags));
    }

    @Override
    public int getxattr(String path, boolean follow, String name, byte[] into) {
        var memory = task.memory();
        int size = into.length;
        int count =
                call(
                        () ->
                                follow
                                        ? xattrs.getxattr(task, memory, path, name, BUFFER, size)
                                        : xattrs.lgetxattr(task, memory, path, name, BUFFER, size));
        return taken(count, into);
    }

    @Override
    public int listxattr(String path, boolean follow, byte[] into) {
        var memory = task.memory();
        int size = into.length;
        int count =
                call(
                        () ->
                                follow
                                        ? xattrs.listxattr(task, memory, path, BUFFER, size)
                                        : xattrs.llistxattr(task, memory, path, BUFFER, size));
        return taken(count, into);
    }

    @Override
    public int removexattr(String path, boolean follow, String name) {
        return call(
                () ->
                        follow
                                ? xattrs.removexattr(task, path, name)
                                : xattrs.lremovexattr(task, path, name));
    }

    @Override
    public int fsetxattr(int fd, String name, byte[] value, int flags) {
        var memory = task.memory();
        memory.put(BUFFER, value);
        int size = value.length;
        return call(() -> xattrs.fsetxattr(task, memory, real(fd), name, BUFFER, size, flags));
    }

    @Override
    public int fgetxattr(int fd, String name, byte[] into) {
        var memory = task.memory();
        int size = into.length;
        return taken(
                call(() -> xattrs.fgetxattr(task, memory, real(fd), name, BUFFER, size)), into);
    }

    @Override
    public int names(String path, List<String> into) {
        int fd = open(path, OpenFile.O_DIRECTORY, 0);
        if (fd < 0) return fd;
        int count;
        while ((count =
                        call(
                                () ->
                                        transfers.getdents64(
                                                task, task.memory(), real(fd), BUFFER, 1000)))
                > 0) VfsPosix.names(task.memory().buffer(BUFFER, BUFFER_SIZE), count, into);
        close(fd);
        return count;
    }

    @Override
    public void user(int uid, int gid) {
        test.credentials = new Credentials(uid, uid, uid, gid, gid, gid);
    }

    @Override
    public void close() {
        test.close();
        namespace.close();
    }
}
