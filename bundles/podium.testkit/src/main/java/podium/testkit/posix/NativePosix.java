package podium.testkit.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Native Linux, through its libc, in a directory of its own that is removed at the end. For one
/// thread: users are switched by setfsuid(2), which is a thread's own.
public final class NativePosix implements Posix {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout()
                    .varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC = 0x7ff;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int O_NONBLOCK = 04000;
    private static final int O_DIRECTORY_PATH = 010000000;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment buffer = arena.allocate(1 << 20);
    private final MemorySegment first = arena.allocate(8192);
    private final MemorySegment second = arena.allocate(8192);
    private final Map<String, MethodHandle> functions = new HashMap<>();
    private final Path directory;
    private final int root;

    /// Descriptors as callers know them: never reused, so that a stale one hits nobody else's file.
    private final Map<Integer, Integer> files = new HashMap<>();

    private int next = 3;
    private int inotify = -1;

    private NativePosix(Path directory) {
        this.directory = directory;
        put(first, directory.toString());
        root = (int) call("open", first, O_DIRECTORY_PATH, 0);
        if (root < 0) throw new IllegalStateException("cannot open " + directory);
        call("umask", 022);
        chmod(".", 0755);
    }

    /// Whether there is a native Linux that can be asked.
    public static boolean available() {
        return System.getProperty("os.name").equals("Linux");
    }

    /// Whether it can act as several users.
    public boolean superuser() {
        return (int) call("geteuid") == 0;
    }

    /// In a new directory of a disk, whose file systems have extended attributes on any Linux.
    static NativePosix createOnDisk() throws IOException {
        return new NativePosix(Files.createTempDirectory("podium"));
    }

    /// In a new directory: of a tmpfs where there is one.
    public static NativePosix create() throws IOException {
        var memory = Path.of("/dev/shm");
        var directory =
                Files.isWritable(memory)
                        ? Files.createTempDirectory(memory, "podium")
                        : Files.createTempDirectory("podium");
        return new NativePosix(directory);
    }

    private long call(String name, Object... arguments) {
        var handle = functions.computeIfAbsent(name, n -> function(n, arguments));
        var all = new Object[arguments.length + 1];
        all[0] = state;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            long result = (long) handle.invokeWithArguments(all);
            return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static MethodHandle function(String name, Object... arguments) {
        var layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++)
            layouts[i] =
                    switch (arguments[i]) {
                        case Integer _ -> JAVA_INT;
                        case Long _ -> JAVA_LONG;
                        default -> ADDRESS;
                    };
        var address = LINKER.defaultLookup().findOrThrow(name);
        boolean wide =
                List.of(
                                "read",
                                "write",
                                "pread",
                                "pwrite",
                                "lseek",
                                "readlinkat",
                                "getxattr",
                                "lgetxattr",
                                "fgetxattr",
                                "listxattr",
                                "llistxattr")
                        .contains(name);
        ValueLayout result = wide ? JAVA_LONG : JAVA_INT;
        var handle =
                LINKER.downcallHandle(address, FunctionDescriptor.of(result, layouts), CAPTURE);
        return handle.asType(handle.type().changeReturnType(long.class));
    }

    private static MemorySegment put(MemorySegment at, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(bytes, 0, at, JAVA_BYTE, 0, bytes.length);
        at.set(JAVA_BYTE, bytes.length, (byte) 0);
        return at;
    }

    @Override
    public int open(String path, int flags, int mode) {
        int fd = (int) call("openat", root, put(first, path), flags, mode);
        if (fd < 0) return fd;
        files.put(next, fd);
        return next++;
    }

    @Override
    public int close(int fd) {
        int result = (int) call("close", real(fd));
        files.remove(fd);
        return result;
    }

    private int real(int fd) {
        return files.getOrDefault(fd, -1);
    }

    @Override
    public int read(int fd, byte[] into, long position) {
        long length = into.length;
        int count =
                (int)
                        (position < 0
                                ? call("read", real(fd), buffer, length)
                                : call("pread", real(fd), buffer, length, position));
        if (count > 0) MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, count);
        return count;
    }

    @Override
    public int write(int fd, byte[] from, long position) {
        long length = from.length;
        MemorySegment.copy(from, 0, buffer, JAVA_BYTE, 0, from.length);
        return (int)
                (position < 0
                        ? call("write", real(fd), buffer, length)
                        : call("pwrite", real(fd), buffer, length, position));
    }

    @Override
    public long seek(int fd, long offset, int whence) {
        return call("lseek", real(fd), offset, whence);
    }

    @Override
    public int truncate(int fd, long size) {
        return (int) call("ftruncate", real(fd), size);
    }

    @Override
    public int allocate(int fd, int mode, long offset, long length) {
        return (int) call("fallocate", real(fd), mode, offset, length);
    }

    @Override
    public int mkdir(String path, int mode) {
        return (int) call("mkdirat", root, put(first, path), mode);
    }

    @Override
    public int mknod(String path, int mode, long device) {
        return (int) call("mknodat", root, put(first, path), mode, device);
    }

    @Override
    public int unlink(String path, int flags) {
        return (int) call("unlinkat", root, put(first, path), flags);
    }

    @Override
    public int rename(String from, String to, int flags) {
        return (int) call("renameat2", root, put(first, from), root, put(second, to), flags);
    }

    @Override
    public int link(String from, String to, int flags) {
        return (int) call("linkat", root, put(first, from), root, put(second, to), flags);
    }

    @Override
    public int symlink(String target, String path) {
        return (int) call("symlinkat", put(first, target), root, put(second, path));
    }

    @Override
    public int readlink(String path, byte[] into) {
        int count = (int) call("readlinkat", root, put(first, path), buffer, (long) into.length);
        if (count > 0) MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, count);
        return count;
    }

    @Override
    public int stat(String path, int flags, Status into) {
        return statx(root, path, flags, into);
    }

    @Override
    public int fstat(int fd, Status into) {
        return statx(real(fd), "", AT_EMPTY_PATH, into);
    }

    private int statx(int fd, String path, int flags, Status into) {
        int result = (int) call("statx", fd, put(first, path), flags, STATX_BASIC, buffer);
        if (result < 0) return result;
        into.links = buffer.get(JAVA_INT, 16);
        into.uid = buffer.get(JAVA_INT, 20);
        into.gid = buffer.get(JAVA_INT, 24);
        into.mode = buffer.get(ValueLayout.JAVA_SHORT, 28) & 0xffff;
        into.inode = buffer.get(JAVA_LONG, 32);
        into.size = buffer.get(JAVA_LONG, 40);
        into.accessed = buffer.get(JAVA_LONG, 64) * 1_000_000_000L + buffer.get(JAVA_INT, 72);
        into.modified = buffer.get(JAVA_LONG, 112) * 1_000_000_000L + buffer.get(JAVA_INT, 120);
        return result;
    }

    @Override
    public int chmod(String path, int mode) {
        return (int) call("fchmodat", root, put(first, path), mode, 0);
    }

    @Override
    public int chown(String path, int uid, int gid, int flags) {
        return (int) call("fchownat", root, put(first, path), uid, gid, flags);
    }

    @Override
    public int utimens(String path, long accessed, long modified, int flags) {
        buffer.set(JAVA_LONG, 0, Math.floorDiv(accessed, 1_000_000_000L));
        buffer.set(JAVA_LONG, 8, Math.floorMod(accessed, 1_000_000_000L));
        buffer.set(JAVA_LONG, 16, Math.floorDiv(modified, 1_000_000_000L));
        buffer.set(JAVA_LONG, 24, Math.floorMod(modified, 1_000_000_000L));
        return (int) call("utimensat", root, put(first, path), buffer, flags);
    }

    @Override
    public int access(String path, int mode) {
        return (int) call("faccessat", root, put(first, path), mode, 0);
    }

    private MemorySegment absolute(String path) {
        return put(first, directory + "/" + path);
    }

    private MemorySegment filled(byte[] value) {
        MemorySegment.copy(value, 0, buffer, JAVA_BYTE, 0, value.length);
        return buffer;
    }

    private int taken(long count, byte[] into) {
        if (into.length > 0 && count > 0)
            MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, (int) count);
        return (int) count;
    }

    @Override
    public int setxattr(String path, boolean follow, String name, byte[] value, int flags) {
        var call = follow ? "setxattr" : "lsetxattr";
        var named = put(second, name);
        return (int) call(call, absolute(path), named, filled(value), (long) value.length, flags);
    }

    @Override
    public int getxattr(String path, boolean follow, String name, byte[] into) {
        var call = follow ? "getxattr" : "lgetxattr";
        var named = put(second, name);
        return taken(call(call, absolute(path), named, buffer, (long) into.length), into);
    }

    @Override
    public int listxattr(String path, boolean follow, byte[] into) {
        var call = follow ? "listxattr" : "llistxattr";
        return taken(call(call, absolute(path), buffer, (long) into.length), into);
    }

    @Override
    public int removexattr(String path, boolean follow, String name) {
        var call = follow ? "removexattr" : "lremovexattr";
        return (int) call(call, absolute(path), put(second, name));
    }

    @Override
    public int fsetxattr(int fd, String name, byte[] value, int flags) {
        var named = put(second, name);
        return (int) call("fsetxattr", real(fd), named, filled(value), (long) value.length, flags);
    }

    @Override
    public int fgetxattr(int fd, String name, byte[] into) {
        var named = put(second, name);
        return taken(call("fgetxattr", real(fd), named, buffer, (long) into.length), into);
    }

    @Override
    public int flock(int fd, int operation) {
        return (int) call("flock", real(fd), operation);
    }

    @Override
    public int lock(int fd, int type, long start, long length) {
        return (int) call("fcntl", real(fd), F_OFD_SETLK, flock(type, start, length));
    }

    @Override
    public @Nullable String locked(int fd, int type, long start, long length) {
        int result = (int) call("fcntl", real(fd), F_OFD_GETLK, flock(type, start, length));
        if (result < 0) return null;
        int found = buffer.get(ValueLayout.JAVA_SHORT, 0);
        return found == 2
                ? ""
                : found + " " + buffer.get(JAVA_LONG, 8) + " " + buffer.get(JAVA_LONG, 16);
    }

    /// A `struct flock`.
    private MemorySegment flock(int type, long start, long length) {
        buffer.asSlice(0, 32).fill((byte) 0);
        buffer.set(ValueLayout.JAVA_SHORT, 0, (short) type);
        buffer.set(JAVA_LONG, 8, start);
        buffer.set(JAVA_LONG, 16, length);
        return buffer;
    }

    @Override
    public int watch(String path, int mask) {
        if (inotify < 0) inotify = (int) call("inotify_init1", O_NONBLOCK);
        return (int) call("inotify_add_watch", inotify, put(first, directory + "/" + path), mask);
    }

    @Override
    public int unwatch(int watch) {
        return (int) call("inotify_rm_watch", inotify, watch);
    }

    @Override
    public int events(byte[] into) {
        int count = (int) call("read", inotify, buffer, (long) into.length);
        if (count > 0) MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, count);
        return count;
    }

    @Override
    public int names(String path, List<String> into) {
        int fd = open(path, 0200000, 0);
        if (fd < 0) return fd;
        into.add(".");
        into.add("..");
        try (var stream = Files.newDirectoryStream(Path.of("/proc/self/fd/" + real(fd)))) {
            for (var entry : stream) into.add(entry.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            close(fd);
        }
        return 0;
    }

    @Override
    public void user(int uid, int gid) {
        // Back to the superuser first, who alone may become anybody.
        call("setfsuid", 0);
        call("setfsgid", gid);
        call("setfsuid", uid);
    }

    @Override
    public void close() {
        user(0, 0);
        for (int fd : files.values()) call("close", fd);
        if (inotify >= 0) call("close", inotify);
        call("close", root);
        arena.close();
        try (var tree = Files.walk(directory)) {
            for (var path : tree.sorted(java.util.Comparator.reverseOrder()).toList())
                Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
