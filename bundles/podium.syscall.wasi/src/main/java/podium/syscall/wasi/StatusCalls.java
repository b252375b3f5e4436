package podium.syscall.wasi;

import org.jspecify.annotations.Nullable;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.syscall.wasi.abi.FileType;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.WasiErrno;
import podium.vfs.AttributeChange;
import podium.vfs.MountNamespace;

/// What files are, their sizes and times.
public final class StatusCalls extends WasiFamily {

    static final int SYMLINK_FOLLOW = 1;
    private static final int ATIM = 1;
    private static final int ATIM_NOW = 2;
    private static final int MTIM = 4;
    private static final int MTIM_NOW = 8;

    StatusCalls(Version version) {
        super(version);
    }

    @Export
    public int fd_filestat_get(Task task, GuestMemory memory, int fd, int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_FILESTAT_GET)) return WasiErrno.NOTCAPABLE;
        var place = file.location();
        var attributes = place != null ? place.attributes() : file.attributes();
        var type = FileType.of(file, attributes);
        version.putFilestat(memory, result, place != null ? place.device() : 0, attributes, type);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int fd_filestat_set_size(Task task, int fd, long size) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_FILESTAT_SET_SIZE)) return WasiErrno.NOTCAPABLE;
        file.truncate(size);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int fd_filestat_set_times(Task task, int fd, long accessed, long modified, int which) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_FILESTAT_SET_TIMES)) return WasiErrno.NOTCAPABLE;
        if (!isValid(which)) return WasiErrno.INVAL;
        var place = file.location();
        if (place == null) return WasiErrno.INVAL;
        var fs = task.process().fs();
        fs.namespace().change(fs, place, times(accessed, modified, which));
        return WasiErrno.SUCCESS;
    }

    @Export
    public int path_filestat_get(
            Task task, GuestMemory memory, int fd, int lookup, int path, int length, int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.PATH_FILESTAT_GET)) return WasiErrno.NOTCAPABLE;
        var fs = task.process().fs();
        var at = directory(file);
        var place = fs.namespace().resolve(fs, at, path(memory, path, length), follow(lookup));
        var attributes = place.attributes();
        version.putFilestat(
                memory, result, place.device(), attributes, FileType.of(attributes.mode()));
        return WasiErrno.SUCCESS;
    }

    @Export
    public int path_filestat_set_times(
            Task task,
            GuestMemory memory,
            int fd,
            int lookup,
            int path,
            int length,
            long accessed,
            long modified,
            int which) {
        OpenFile file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.PATH_FILESTAT_SET_TIMES))
            return WasiErrno.NOTCAPABLE;
        if (!isValid(which)) return WasiErrno.INVAL;
        var fs = task.process().fs();
        var at = directory(file);
        var place = fs.namespace().resolve(fs, at, path(memory, path, length), follow(lookup));
        fs.namespace().change(fs, place, times(accessed, modified, which));
        return WasiErrno.SUCCESS;
    }

    /// The flag of the VFS for `lookupflags`.
    static int follow(int lookup) {
        return (lookup & SYMLINK_FOLLOW) != 0 ? 0 : MountNamespace.AT_SYMLINK_NOFOLLOW;
    }

    private static boolean isValid(int which) {
        return (which & ~(ATIM | ATIM_NOW | MTIM | MTIM_NOW)) == 0
                && (which & (ATIM | ATIM_NOW)) != (ATIM | ATIM_NOW)
                && (which & (MTIM | MTIM_NOW)) != (MTIM | MTIM_NOW);
    }

    private static AttributeChange times(long accessed, long modified, int which) {
        return AttributeChange.times(
                time(accessed, (which & ATIM) != 0, (which & ATIM_NOW) != 0),
                time(modified, (which & MTIM) != 0, (which & MTIM_NOW) != 0));
    }

    private static @Nullable Long time(long given, boolean set, boolean now) {
        if (now) return AttributeChange.NOW;
        return set ? given : null;
    }
}
