package podium.syscall;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.vfs.Attributes;
import podium.vfs.FileLocks;
import podium.vfs.Location;

/// An open file description (open(2)): what file descriptors, of one process or several, refer to.
/// It has the offset, the status flags and the readiness; it outlives the name it was opened by,
/// and backends never see it.
///
/// Counted: every file descriptor holds it once, and so does a system call that uses it. When the
/// count falls to zero, [#closed()] runs.
///
/// Thread-safe: subclasses guard their own state. The transfer methods return what the system call
/// returns: a count, or a negated [Errno]; `EAGAIN` when they would have to wait, whether or not
/// `O_NONBLOCK` is set: waiting is the caller's business, by [Task#block].
public abstract class OpenFile implements Pollable {

    /// Flags of open(2), asm-generic.
    public static final int O_ACCMODE = 3;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_NOCTTY = 0400;
    public static final int O_TRUNC = 01000;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    public static final int O_DSYNC = 010000;
    public static final int O_DIRECT = 040000;
    public static final int O_LARGEFILE = 0100000;
    public static final int O_DIRECTORY = 0200000;
    public static final int O_NOFOLLOW = 0400000;
    public static final int O_NOATIME = 01000000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_SYNC = 04010000;
    public static final int O_PATH = 010000000;
    public static final int O_TMPFILE = 020200000;

    /// Flags fcntl(2) F_SETFL may change.
    private static final int CHANGEABLE = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;

    private static final java.lang.invoke.VarHandle COUNT;

    static {
        try {
            COUNT =
                    java.lang.invoke.MethodHandles.lookup()
                            .findVarHandle(OpenFile.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int flags;

    @SuppressWarnings("unused") // through COUNT
    private volatile int count = 1;

    /// Starts with a count of one, which belongs to the maker.
    ///
    /// @param flags access mode and status flags
    protected OpenFile(int flags) {
        this.flags = flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC);
    }

    /// Access mode and status flags, as F_GETFL returns them.
    public final int flags() {
        return flags;
    }

    /// F_SETFL: changes `O_APPEND`, `O_NONBLOCK`, `O_DIRECT` and `O_NOATIME`, ignores the rest.
    public final void setFlags(int flags) {
        this.flags = (this.flags & ~CHANGEABLE) | (flags & CHANGEABLE);
    }

    public final boolean readable() {
        return (flags & O_ACCMODE) != O_WRONLY && (flags & O_PATH) == 0;
    }

    public final boolean writable() {
        return (flags & O_ACCMODE) != O_RDONLY && (flags & O_PATH) == 0;
    }

    public final boolean nonBlocking() {
        return (flags & O_NONBLOCK) != 0;
    }

    /// Adds one use.
    ///
    /// @return false when the file is closed already
    public final boolean retain() {
        for (int c = count; c > 0; c = count) if (COUNT.compareAndSet(this, c, c + 1)) return true;
        return false;
    }

    /// Ends one use; the last one closes.
    public final void release() {
        int before = (int) COUNT.getAndAdd(this, -1);
        if (before == 1) closed();
        else if (before < 1)
            throw new IllegalStateException("released more often than retained: " + this);
    }

    /// The last use ended. Runs once.
    protected abstract void closed();

    /// Reads at the offset and advances it, read(2).
    ///
    /// @return bytes read, 0 at the end, or a negated errno
    public int read(ByteBuffer into) {
        return Errno.EINVAL.negated();
    }

    /// Writes at the offset (at the end under `O_APPEND`) and advances it, write(2).
    ///
    /// @return bytes written, or a negated errno. After `EPIPE` the system call that got it sends
    ///     SIGPIPE to its task
    public int write(ByteBuffer from) {
        return Errno.EINVAL.negated();
    }

    /// pread(2).
    ///
    /// @param position not negative
    public int read(ByteBuffer into, long position) {
        return Errno.ESPIPE.negated();
    }

    /// pwrite(2).
    ///
    /// @param position not negative
    public int write(ByteBuffer from, long position) {
        return Errno.ESPIPE.negated();
    }

    /// lseek(2).
    ///
    /// @return the new offset, or a negated errno
    public long seek(long offset, int whence) {
        return Errno.ESPIPE.negated();
    }

    /// ftruncate(2).
    public void truncate(long size) {
        throw Errno.EINVAL.exception();
    }

    /// fallocate(2).
    public void allocate(int mode, long offset, long length) {
        throw Errno.ENODEV.exception();
    }

    /// fsync(2), fdatasync(2).
    public void sync(boolean dataOnly) {
        throw Errno.EINVAL.exception();
    }

    /// fstat(2).
    public abstract Attributes attributes();

    /// ioctl(2). The memory is the caller's.
    public int ioctl(Task task, int request, int argument) {
        return Errno.ENOTTY.negated();
    }

    /// Bytes a pipe holds (F_GETPIPE_SZ), or a negated errno.
    public int pipeCapacity() {
        return Errno.EBADF.negated();
    }

    /// Where in the tree it was opened; null for pipes, sockets and the like.
    public @Nullable Location location() {
        return null;
    }

    /// Advisory locks on what it refers to; null when it cannot be locked.
    public @Nullable FileLocks locks() {
        var place = location();
        return place == null || (flags & O_PATH) != 0 ? null : place.locks();
    }

    /// A descriptor of it in some table was closed, whatever others are left: the table's record
    /// locks on the file end (fcntl(2)). Descriptor tables call this, before they end the use.
    public void descriptorClosed(FdTable table) {
        var locks = locks();
        if (locks != null) locks.end(table);
    }

    /// getdents64(2): fills whole `linux_dirent64` records.
    ///
    /// @return bytes filled, 0 at the end, or a negated errno
    public int readDirectory(ByteBuffer into) {
        return Errno.ENOTDIR.negated();
    }

    /// What `/proc/self/fd/N` links to: a path, or such as `pipe:[7]`.
    public abstract String description();

    @Override
    public int readiness() {
        return IN | OUT;
    }

    @Override
    public void watch(Watcher watcher) {}

    @Override
    public void unwatch(Watcher watcher) {}

    @Override
    public String toString() {
        return description();
    }
}
