package podium.syscall.fs;

import static podium.vfs.MountNamespace.AT_EMPTY_PATH;

import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.vfs.Location;
import podium.vfs.MountNamespace;

/// From a `dirfd` and a path to what they mean (openat(2)).
final class Places {

    static final int AT_FDCWD = -100;

    private Places() {}

    static MountNamespace namespace(Task task) {
        return task.process().fs().namespace();
    }

    /// Where a path begins; null for the working directory.
    ///
    /// @throws podium.syscall.ErrnoException `EBADF`, `ENOTDIR`
    static @Nullable Location at(Task task, int fd, String path) {
        if (fd == AT_FDCWD || path.startsWith("/")) return null;
        var place = task.files().get(fd).location();
        if (place == null) throw Errno.ENOTDIR.exception();
        return place;
    }

    /// The place of a path, or of the descriptor itself under AT_EMPTY_PATH.
    static Location resolve(Task task, int fd, String path, int flags) {
        return namespace(task).resolve(task.process().fs(), at(task, fd, path), path, flags);
    }

    /// The file that a descriptor alone means, by an empty path under AT_EMPTY_PATH; null when a
    /// path is given.
    static @Nullable OpenFile itself(Task task, int fd, String path, int flags) {
        boolean empty = path.isEmpty() && (flags & AT_EMPTY_PATH) != 0;
        return empty && fd != AT_FDCWD ? task.files().get(fd) : null;
    }

    /// The place of an open file that is not merely a place (O_PATH).
    ///
    /// @throws podium.syscall.ErrnoException `EBADF`; `EINVAL` when it has none
    static Location of(Task task, int fd) {
        var file = task.files().get(fd);
        if ((file.flags() & OpenFile.O_PATH) != 0) throw Errno.EBADF.exception();
        var place = file.location();
        if (place == null) throw Errno.EINVAL.exception();
        return place;
    }

    /// @throws podium.syscall.ErrnoException `EINVAL` when there are others
    static void only(int flags, int known) {
        if ((flags & ~known) != 0) throw Errno.EINVAL.exception();
    }

    /// A 64-bit number out of its halves.
    static long join(int low, int high) {
        return (long) high << 32 | Integer.toUnsignedLong(low);
    }
}
