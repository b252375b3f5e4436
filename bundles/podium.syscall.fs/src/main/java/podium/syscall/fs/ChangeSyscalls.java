package podium.syscall.fs;

import static podium.syscall.fs.Places.join;
import static podium.syscall.fs.Places.namespace;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.vfs.AttributeChange;
import podium.vfs.Location;
import podium.vfs.Mode;
import podium.vfs.MountNamespace;

/// System calls that change attributes and sizes, and make changes durable.
@Component(service = SyscallFamily.class)
public final class ChangeSyscalls implements SyscallFamily {

    private static final int UTIME_NOW = 0x3fff_ffff;
    private static final int UTIME_OMIT = 0x3fff_fffe;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int fchmod(Task task, int fd, int mode) {
        return change(task, Places.of(task, fd), AttributeChange.mode(mode & Mode.PERMISSIONS));
    }

    @Export
    public int fchmodat(Task task, int fd, @CString String path, int mode) {
        var place = Places.resolve(task, fd, path, 0);
        return change(task, place, AttributeChange.mode(mode & Mode.PERMISSIONS));
    }

    @Export
    public int fchown(Task task, int fd, int uid, int gid) {
        return change(task, Places.of(task, fd), owner(uid, gid));
    }

    @Export
    public int fchownat(Task task, int fd, @CString String path, int uid, int gid, int flags) {
        Places.only(flags, MountNamespace.AT_SYMLINK_NOFOLLOW | MountNamespace.AT_EMPTY_PATH);
        return change(task, Places.resolve(task, fd, path, flags), owner(uid, gid));
    }

    private static AttributeChange owner(int uid, int gid) {
        return AttributeChange.owner(uid == -1 ? null : uid, gid == -1 ? null : gid);
    }

    /// utimensat(2).
    ///
    /// @param path address of the path; 0 for the descriptor itself
    /// @param times address of two `struct timespec` with 64-bit seconds; 0 for the present
    @Export("utimensat_time64")
    public int utimensat(Task task, GuestMemory memory, int fd, int path, int times, int flags) {
        Places.only(flags, MountNamespace.AT_SYMLINK_NOFOLLOW | MountNamespace.AT_EMPTY_PATH);
        Long accessed = AttributeChange.NOW;
        Long modified = AttributeChange.NOW;
        if (times != 0) {
            accessed = time(memory, times);
            modified = time(memory, times + 16);
            if (accessed == null && modified == null) return 0;
        }
        if (path == 0 && fd == Places.AT_FDCWD) return Errno.EFAULT.negated();
        var place =
                path == 0
                        ? Places.of(task, fd)
                        : Places.resolve(task, fd, memory.string(path), flags);
        return change(task, place, AttributeChange.times(accessed, modified));
    }

    /// @return nanoseconds since the epoch, NOW, or null for no change
    private static @Nullable Long time(GuestMemory memory, int at) {
        long seconds = memory.getLong(at);
        int nanoseconds = memory.getInt(at + 8);
        if (nanoseconds == UTIME_NOW) return AttributeChange.NOW;
        if (nanoseconds == UTIME_OMIT) return null;
        if (nanoseconds < 0 || nanoseconds >= 1_000_000_000) throw Errno.EINVAL.exception();
        // Clamped to what a file system can hold, as Linux does: here, the years 1677 to 2262.
        long limit = Long.MAX_VALUE / 1_000_000_000L - 1;
        return Math.clamp(seconds, -limit, limit) * 1_000_000_000L + nanoseconds;
    }

    private static int change(Task task, Location place, AttributeChange change) {
        namespace(task).change(task.process().fs(), place, change);
        return 0;
    }

    @Export
    public int truncate64(Task task, @CString String path, int low, int high) {
        long size = join(low, high);
        if (size < 0) return Errno.EINVAL.negated();
        var place = Places.resolve(task, Places.AT_FDCWD, path, 0);
        namespace(task).truncate(task.process().fs(), place, size);
        return 0;
    }

    @Export
    public int ftruncate64(Task task, int fd, int low, int high) {
        file(task, fd).truncate(join(low, high));
        return 0;
    }

    @Export
    public int fallocate(
            Task task,
            int fd,
            int mode,
            int offsetLow,
            int offsetHigh,
            int lengthLow,
            int lengthHigh) {
        file(task, fd).allocate(mode, join(offsetLow, offsetHigh), join(lengthLow, lengthHigh));
        return 0;
    }

    @Export
    public int fsync(Task task, int fd) {
        file(task, fd).sync(false);
        return 0;
    }

    @Export
    public int fdatasync(Task task, int fd) {
        file(task, fd).sync(true);
        return 0;
    }

    @Export
    public int sync(Task task) {
        namespace(task).sync();
        return 0;
    }

    @Export
    public int syncfs(Task task, int fd) {
        file(task, fd);
        namespace(task).sync();
        return 0;
    }

    @Export("sync_file_range")
    public int syncFileRange(
            Task task,
            int fd,
            int offsetLow,
            int offsetHigh,
            int lengthLow,
            int lengthHigh,
            int flags) {
        Places.only(flags, 7);
        if (join(offsetLow, offsetHigh) < 0 || join(lengthLow, lengthHigh) < 0)
            return Errno.EINVAL.negated();
        file(task, fd).sync(true);
        return 0;
    }

    private static OpenFile file(Task task, int fd) {
        var file = task.files().get(fd);
        if ((file.flags() & OpenFile.O_PATH) != 0) throw Errno.EBADF.exception();
        return file;
    }
}
