package podium.testkit.posix;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// File system calls below one directory, in which relative paths begin. Every call returns what
/// the system call does: a result, or a negated errno. Flags and modes are Linux's asm-generic
/// ones.
public interface Posix extends AutoCloseable {

    int open(String path, int flags, int mode);

    int close(int fd);

    /// @param position -1 for the offset
    int read(int fd, byte[] into, long position);

    /// @param position -1 for the offset
    int write(int fd, byte[] from, long position);

    long seek(int fd, long offset, int whence);

    int truncate(int fd, long size);

    int allocate(int fd, int mode, long offset, long length);

    int mkdir(String path, int mode);

    int mknod(String path, int mode, long device);

    int unlink(String path, int flags);

    int rename(String from, String to, int flags);

    int link(String from, String to, int flags);

    int symlink(String target, String path);

    /// @return bytes put
    int readlink(String path, byte[] into);

    int stat(String path, int flags, Status into);

    int fstat(int fd, Status into);

    int chmod(String path, int mode);

    int chown(String path, int uid, int gid, int flags);

    /// Times in nanoseconds since the epoch.
    int utimens(String path, long accessed, long modified, int flags);

    int access(String path, int mode);

    /// setxattr(2), or lsetxattr(2).
    ///
    /// @param flags `XATTR_CREATE` 1, `XATTR_REPLACE` 2
    int setxattr(String path, boolean follow, String name, byte[] value, int flags);

    /// getxattr(2), or lgetxattr(2).
    ///
    /// @return bytes put, or that there are when the array is empty
    int getxattr(String path, boolean follow, String name, byte[] into);

    /// listxattr(2), or llistxattr(2).
    ///
    /// @return bytes put, or that there are when the array is empty
    int listxattr(String path, boolean follow, byte[] into);

    /// removexattr(2), or lremovexattr(2).
    int removexattr(String path, boolean follow, String name);

    /// fsetxattr(2).
    int fsetxattr(int fd, String name, byte[] value, int flags);

    /// fgetxattr(2).
    int fgetxattr(int fd, String name, byte[] into);

    /// flock(2).
    int flock(int fd, int operation);

    /// A record lock of the open file (F_OFD_SETLK), relative to the start.
    ///
    /// @param type 0 to read, 1 to write, 2 to unlock
    int lock(int fd, int type, long start, long length);

    /// F_OFD_GETLK.
    ///
    /// @return what is in the way, as `type start length`, or empty; null on failure
    @Nullable String locked(int fd, int type, long start, long length);

    /// inotify_add_watch(2) on the one instance there is.
    int watch(String path, int mask);

    /// inotify_rm_watch(2).
    int unwatch(int watch);

    /// Reads `struct inotify_event`s.
    ///
    /// @return bytes read
    int events(byte[] into);

    /// A directory's names, with `.` and `..`, in any order.
    int names(String path, List<String> into);

    /// As whom the following calls are made.
    void user(int uid, int gid);

    @Override
    void close();

    /// What stat(2) tells.
    final class Status {
        public int mode;
        public int links;
        public int uid;
        public int gid;
        public long size;
        public long inode;
        public long accessed;
        public long modified;
    }
}
