package podium.vfs.host;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;

/// System calls of the host's kernel. Each is named as its man page (section 2), throws the
/// [podium.syscall.ErrnoException] of its error, and is made again when a signal interrupted it.
///
/// A path is one name in a directory that is open, or leads from one downwards without symbolic
/// links; the only others are those of the process's own descriptors.
final class Linux {

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_DIRECTORY = Machine.ARM64 ? 040000 : 0200000;
    static final int O_PATH = 010000000;
    static final int O_TMPFILE = 020000000 | O_DIRECTORY;
    private static final int O_NOCTTY = 0400;
    private static final int O_NONBLOCK = 04000;
    private static final int O_NOFOLLOW = Machine.ARM64 ? 0100000 : 0400000;
    private static final int O_CLOEXEC = 02000000;

    static final int AT_REMOVEDIR = 0x200;
    static final int RENAME_EXCHANGE = 2;
    static final long UTIME_OMIT = (1 << 30) - 2;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int AT_NO_AUTOMOUNT = 0x800;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int RESOLVE_NO_XDEV = 1;
    private static final int RESOLVE_NO_MAGICLINKS = 2;
    private static final int RESOLVE_NO_SYMLINKS = 4;
    private static final int RESOLVE_BENEATH = 8;

    private static final int STATX_MNT_ID = 0x1000;
    private static final int STATX_ALL = 0xfff | STATX_MNT_ID;
    private static final int RLIMIT_NOFILE = 7;
    private static final int RWF_APPEND = 0x10;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int MFD_CLOEXEC = 1;
    private static final byte[] EMPTY = {};
    private static final byte[] DOT = {'.'};

    private Linux() {}

    /// Made on first use. The JVM spins classes for every shape of call: two are enough.
    private static final class Functions {

        private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
        private static final Linker LINKER = Linker.nativeLinker();
        private static final MemorySegment SYSCALL = LINKER.defaultLookup().findOrThrow("syscall");

        /// All arguments in registers, as numbers.
        static final MethodHandle WORDS = handle(WORD);

        /// The second one is memory that must stay while the call lasts.
        static final MethodHandle BUFFER = handle(ValueLayout.ADDRESS);

        private static MethodHandle handle(ValueLayout second) {
            return LINKER.downcallHandle(
                    SYSCALL,
                    FunctionDescriptor.of(WORD, WORD, WORD, second, WORD, WORD, WORD, WORD),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));
        }
    }

    /// Why there are no such calls here; null when there are.
    static @Nullable String missing() {
        if (!Machine.KNOWN) return "it needs Linux on x86-64 or aarch64";
        try {
            int root = openDirectory(new byte[] {'/'});
            try {
                return missing(root);
            } finally {
                close(root);
            }
        } catch (ExceptionInInitializerError | IllegalCallerException e) {
            return "the JVM lets nobody call native functions: give it --enable-native-access";
        }
    }

    private static @Nullable String missing(int root) {
        try {
            close(openBelow(root, DOT, O_PATH, true));
            stat(root);
            if ((Scratch.own().getInt(0) & STATX_MNT_ID) == 0) return "it needs Linux 5.8";
            close(reopen(root, O_PATH));
            return null;
        } catch (podium.syscall.ErrnoException e) {
            return e.errno() == Errno.ENOSYS ? "it needs Linux 5.8" : "it needs /proc";
        }
    }

    static long call(Call call, long a, long b, long c, long d, long e, long f) {
        var errno = Scratch.own().errno;
        for (; ; ) {
            long result;
            try {
                result = (long) Functions.WORDS.invokeExact(errno, call.number, a, b, c, d, e, f);
            } catch (Throwable failure) {
                throw failed(failure);
            }
            if (result >= 0) return result;
            check(errno);
        }
    }

    /// @return normally when the call is to be made again
    private static void check(MemorySegment errno) {
        int number = errno.get(ValueLayout.JAVA_INT, 0);
        var known = Errno.of(number);
        if (known == Errno.EINTR) return;
        // Numbers the pods' kernel does not have are the host's own affair.
        throw (known == null ? Errno.EIO : known).exception();
    }

    private static RuntimeException failed(Throwable failure) {
        if (failure instanceof Error error) throw error;
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException("a system call failed", failure);
    }

    /// Opens what lies below a directory, without following links.
    ///
    /// @param cross whether other mounts of the host may be entered
    static int openBelow(int directory, byte[] path, int flags, boolean cross) {
        return openat2(directory, path, flags, 0, cross);
    }

    /// Makes and opens a regular file.
    static int create(int directory, byte[] name, int mode) {
        return openat2(directory, name, O_CREAT | O_EXCL | O_RDWR, mode, false);
    }

    /// Makes and opens a file without a name.
    static int createUnnamed(int directory, int mode) {
        return openat2(directory, DOT, O_TMPFILE | O_RDWR, mode, true);
    }

    private static int openat2(int directory, byte[] path, int flags, int mode, boolean cross) {
        var scratch = Scratch.own();
        int safe = O_CLOEXEC | O_NOFOLLOW;
        if ((flags & O_PATH) == 0) safe |= O_NONBLOCK | O_NOCTTY;
        scratch.setLong(0, (flags | safe) & 0xffff_ffffL);
        scratch.setLong(8, mode);
        int resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
        scratch.setLong(16, cross ? resolve : resolve | RESOLVE_NO_XDEV);
        long how = scratch.structure.address();
        return (int) call(Call.OPENAT2, directory, scratch.path(path), how, 24, 0, 0);
    }

    /// Opens a directory that whoever mounts names, links followed.
    static int openDirectory(byte[] path) {
        int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
        return (int) call(Call.OPENAT, AT_FDCWD, Scratch.own().path(path), flags, 0, 0, 0);
    }

    /// Opens an open directory once more, to read it.
    static int openToRead(int directory) {
        return openBelow(directory, DOT, O_RDONLY | O_DIRECTORY, true);
    }

    /// Opens the very inode of a descriptor once more.
    static int reopen(int descriptor, int flags) {
        int safe = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
        long path = Scratch.own().path(itself(descriptor));
        return (int) call(Call.OPENAT, AT_FDCWD, path, flags | safe, 0, 0, 0);
    }

    /// The path of a descriptor's inode, by its magic link (proc(5)).
    private static byte[] itself(int descriptor) {
        return ("/proc/self/fd/" + descriptor).getBytes(StandardCharsets.US_ASCII);
    }

    static void close(int descriptor) {
        // Never again after EINTR: the number may be another file's by then.
        try {
            long _ =
                    (long)
                            Functions.WORDS.invokeExact(
                                    Scratch.own().errno,
                                    Call.CLOSE.number,
                                    (long) descriptor,
                                    0L,
                                    0L,
                                    0L,
                                    0L,
                                    0L);
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /// Of a name in a directory.
    static Status stat(int directory, byte[] name) {
        return stat(directory, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
    }

    /// Of an open file.
    static Status stat(int descriptor) {
        return stat(descriptor, EMPTY, AT_EMPTY_PATH);
    }

    private static Status stat(int directory, byte[] name, int flags) {
        var scratch = Scratch.own();
        long into = scratch.structure.address();
        call(Call.STATX, directory, scratch.path(name), flags, STATX_ALL, into, 0);
        return Status.of(scratch);
    }

    static void mkdirat(int directory, byte[] name, int mode) {
        call(Call.MKDIRAT, directory, Scratch.own().path(name), mode, 0, 0, 0);
    }

    /// @param device as makedev(3) packs it; 0 for what is none
    static void mknodat(int directory, byte[] name, int mode, long device) {
        call(Call.MKNODAT, directory, Scratch.own().path(name), mode, device, 0, 0);
    }

    static void symlinkat(byte[] target, int directory, byte[] name) {
        var scratch = Scratch.own();
        call(Call.SYMLINKAT, scratch.path(target), directory, scratch.other(name), 0, 0, 0);
    }

    /// Gives an open file a further name.
    static void link(int descriptor, int directory, byte[] name) {
        var scratch = Scratch.own();
        long old = scratch.path(itself(descriptor));
        call(Call.LINKAT, AT_FDCWD, old, directory, scratch.other(name), AT_SYMLINK_FOLLOW, 0);
    }

    static void unlinkat(int directory, byte[] name, int flags) {
        call(Call.UNLINKAT, directory, Scratch.own().path(name), flags, 0, 0, 0);
    }

    static void renameat2(int from, byte[] name, int to, byte[] newName, int flags) {
        var scratch = Scratch.own();
        long old = scratch.path(name);
        call(Call.RENAMEAT2, from, old, to, scratch.other(newName), flags, 0);
    }

    static byte[] readlinkat(int directory, byte[] name) {
        var scratch = Scratch.own();
        long into = scratch.bytes.address();
        long path = scratch.path(name);
        int length = (int) call(Call.READLINKAT, directory, path, into, Scratch.BYTES, 0, 0);
        return scratch.bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// The path by which a file was opened, as far as the process can see it, with ` (deleted)`
    /// behind it when the name is gone.
    static byte[] path(int descriptor) {
        return readlinkat(AT_FDCWD, itself(descriptor));
    }

    /// Changes an open file's permissions.
    static void chmod(int descriptor, int mode) {
        long path = Scratch.own().path(itself(descriptor));
        call(Call.FCHMODAT, AT_FDCWD, path, mode, 0, 0, 0);
    }

    /// Changes an open file's owners.
    static void chown(int descriptor, int uid, int gid) {
        long path = Scratch.own().path(EMPTY);
        call(Call.FCHOWNAT, descriptor, path, uid, gid, AT_EMPTY_PATH, 0);
    }

    /// Sets an open file's times.
    ///
    /// @param accessed nanoseconds since the epoch, or null
    static void utimens(int descriptor, @Nullable Long accessed, @Nullable Long modified) {
        var scratch = Scratch.own();
        time(scratch, 0, accessed);
        time(scratch, 16, modified);
        long times = scratch.structure.address();
        call(Call.UTIMENSAT, descriptor, scratch.path(EMPTY), times, AT_EMPTY_PATH, 0, 0);
    }

    private static void time(Scratch scratch, int offset, @Nullable Long time) {
        scratch.setLong(offset, time == null ? 0 : Math.floorDiv(time, 1_000_000_000L));
        scratch.setLong(
                offset + 8, time == null ? UTIME_OMIT : Math.floorMod(time, 1_000_000_000L));
    }

    static void ftruncate(int descriptor, long size) {
        call(Call.FTRUNCATE, descriptor, size, 0, 0, 0, 0);
    }

    static void fallocate(int descriptor, int mode, long offset, long length) {
        call(Call.FALLOCATE, descriptor, mode, offset, length, 0, 0);
    }

    static void fsync(int descriptor, boolean dataOnly) {
        call(dataOnly ? Call.FDATASYNC : Call.FSYNC, descriptor, 0, 0, 0, 0, 0);
    }

    static void sync() {
        call(Call.SYNC, 0, 0, 0, 0, 0, 0);
    }

    static void syncfs(int descriptor) {
        call(Call.SYNCFS, descriptor, 0, 0, 0, 0, 0);
    }

    /// The next data or hole.
    static long seek(int descriptor, long position, boolean data) {
        return call(Call.LSEEK, descriptor, position, data ? SEEK_DATA : SEEK_HOLE, 0, 0, 0);
    }

    /// One call: fewer bytes than remain may be read, 0 only at the end.
    static int pread(int descriptor, ByteBuffer into, long position) {
        if (into.isDirect()) return transfer(Call.PREAD64, descriptor, into, position);
        var bytes = Scratch.own().bytes;
        int most = Math.min(into.remaining(), Scratch.BYTES);
        int count = (int) call(Call.PREAD64, descriptor, bytes.address(), most, position, 0, 0);
        into.put(bytes.asSlice(0, count).asByteBuffer());
        return count;
    }

    /// One call: fewer bytes than remain may be written.
    static int pwrite(int descriptor, ByteBuffer from, long position) {
        if (from.isDirect()) return transfer(Call.PWRITE64, descriptor, from, position);
        int most = fill(from);
        long bytes = Scratch.own().bytes.address();
        int count = (int) call(Call.PWRITE64, descriptor, bytes, most, position, 0, 0);
        from.position(from.position() + count);
        return count;
    }

    /// Copies what remains of a buffer, as far as it fits; the buffer's position stays.
    private static int fill(ByteBuffer from) {
        int most = Math.min(from.remaining(), Scratch.BYTES);
        Scratch.own().bytes.asByteBuffer().put(from.slice(from.position(), most));
        return most;
    }

    private static int transfer(Call call, int descriptor, ByteBuffer buffer, long position) {
        var errno = Scratch.own().errno;
        var memory = MemorySegment.ofBuffer(buffer);
        for (; ; ) {
            long result;
            try {
                result =
                        (long)
                                Functions.BUFFER.invokeExact(
                                        errno,
                                        call.number,
                                        (long) descriptor,
                                        memory,
                                        memory.byteSize(),
                                        position,
                                        0L,
                                        0L);
            } catch (Throwable failure) {
                throw failed(failure);
            }
            if (result >= 0) {
                buffer.position(buffer.position() + (int) result);
                return (int) result;
            }
            check(errno);
        }
    }

    /// Writes at the end, atomically; the descriptor's offset is behind it afterwards.
    static int append(int descriptor, ByteBuffer from) {
        var scratch = Scratch.own();
        int most = fill(from);
        scratch.setLong(0, scratch.bytes.address());
        scratch.setLong(8, most);
        long vector = scratch.structure.address();
        int count = (int) call(Call.PWRITEV2, descriptor, vector, 1, -1, 0, RWF_APPEND);
        from.position(from.position() + count);
        return count;
    }

    /// The descriptor's offset.
    static long offset(int descriptor) {
        return call(Call.LSEEK, descriptor, 0, SEEK_CUR, 0, 0, 0);
    }

    /// Records of a directory, in the thread's [Scratch#bytes].
    ///
    /// @return their length in bytes; 0 at the end
    static int getdents(int descriptor) {
        long into = Scratch.own().bytes.address();
        return (int) call(Call.GETDENTS64, descriptor, into, Scratch.BYTES, 0, 0, 0);
    }

    /// The names of an open file's extended attributes, each with a NUL behind it.
    static byte[] listxattr(int descriptor) {
        var scratch = Scratch.own();
        long path = scratch.path(itself(descriptor));
        long into = scratch.bytes.address();
        int length = (int) call(Call.LISTXATTR, path, into, Scratch.BYTES, 0, 0, 0);
        return scratch.bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// An extended attribute of an open file; there is room for the longest.
    static byte[] getxattr(int descriptor, byte[] name) {
        var scratch = Scratch.own();
        int length = getxattr(descriptor, name, scratch.bytes.address(), Scratch.BYTES);
        return scratch.bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// How long it is.
    static int xattrSize(int descriptor, byte[] name) {
        return getxattr(descriptor, name, 0, 0);
    }

    private static int getxattr(int descriptor, byte[] name, long into, int room) {
        var scratch = Scratch.own();
        long path = scratch.path(itself(descriptor));
        return (int) call(Call.GETXATTR, path, scratch.other(name), into, room, 0, 0);
    }

    static void setxattr(int descriptor, byte[] name, byte[] value) {
        var scratch = Scratch.own();
        if (value.length > Scratch.BYTES) throw Errno.E2BIG.exception();
        MemorySegment.copy(value, 0, scratch.bytes, ValueLayout.JAVA_BYTE, 0, value.length);
        long path = scratch.path(itself(descriptor));
        long from = scratch.bytes.address();
        call(Call.SETXATTR, path, scratch.other(name), from, value.length, 0, 0);
    }

    static void removexattr(int descriptor, byte[] name) {
        var scratch = Scratch.own();
        long path = scratch.path(itself(descriptor));
        call(Call.REMOVEXATTR, path, scratch.other(name), 0, 0, 0, 0);
    }

    /// A `struct statfs` of 64 bits, in the thread's [Scratch#structure].
    static Scratch fstatfs(int descriptor) {
        var scratch = Scratch.own();
        call(Call.FSTATFS, descriptor, scratch.structure.address(), 0, 0, 0, 0);
        return scratch;
    }

    /// Who the process is to the host's files.
    static int geteuid() {
        return (int) call(Call.GETEUID, 0, 0, 0, 0, 0, 0);
    }

    static int getegid() {
        return (int) call(Call.GETEGID, 0, 0, 0, 0, 0, 0);
    }

    /// A file in memory.
    static int memfdCreate() {
        return (int) call(Call.MEMFD_CREATE, Scratch.own().path(EMPTY), MFD_CLOEXEC, 0, 0, 0, 0);
    }

    static int inotifyInit() {
        return (int) call(Call.INOTIFY_INIT1, O_CLOEXEC, 0, 0, 0, 0, 0);
    }

    /// Watches an open file's inode, be it a link.
    ///
    /// @return the watch's number, the same one when the inode is watched already
    static int inotifyAddWatch(int inotify, int descriptor, int mask) {
        long path = Scratch.own().path(itself(descriptor));
        return (int) call(Call.INOTIFY_ADD_WATCH, inotify, path, mask, 0, 0, 0);
    }

    static void inotifyRmWatch(int inotify, int watch) {
        call(Call.INOTIFY_RM_WATCH, inotify, watch, 0, 0, 0, 0);
    }

    /// A limit of inotify(7), as `/proc/sys/fs/inotify` has it; 8192 where that cannot be seen.
    static long inotify(String limit) {
        var path = Path.of("/proc/sys/fs/inotify", limit);
        // Such a file gives all it has to the first read: Files.readString tries with one byte.
        try (var reader = Files.newBufferedReader(path)) {
            return Long.parseLong(String.valueOf(reader.readLine()));
        } catch (IOException | NumberFormatException e) {
            return 8192;
        }
    }

    /// Waits for bytes and reads them, into the thread's [Scratch#bytes].
    static int read(int descriptor) {
        long into = Scratch.own().bytes.address();
        return (int) call(Call.READ, descriptor, into, Scratch.BYTES, 0, 0, 0);
    }

    /// How many descriptors the process may have.
    static long descriptorLimit() {
        var scratch = Scratch.own();
        call(Call.PRLIMIT64, 0, RLIMIT_NOFILE, 0, scratch.structure.address(), 0, 0);
        long limit = scratch.getLong(0);
        return limit < 0 ? Long.MAX_VALUE : limit;
    }

    /// Whether a path has the bytes of one name.
    static boolean isName(byte[] name) {
        if (name.length == 0 || name.length > 255) return false;
        if (Arrays.equals(name, DOT) || Arrays.equals(name, new byte[] {'.', '.'})) return false;
        for (byte b : name) if (b == 0 || b == '/') return false;
        return true;
    }
}
