package podium.syscall.wasi;

import podium.syscall.ErrnoException;
import podium.syscall.Export;
import podium.syscall.Grant;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.syscall.wasi.abi.FileType;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.WasiErrno;
import podium.vfs.MountNamespace;

/// Names: opening, making and removing them. A path never leaves the directory it is resolved
/// against, which is what `beneath` of [podium.vfs.Location] is for.
public final class PathCalls extends WasiFamily {

    private static final int CREAT = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCL = 4;
    private static final int TRUNC = 8;
    private static final int NEW_FILE = 0666;
    private static final int NEW_DIRECTORY = 0777;

    PathCalls(Version version) {
        super(version);
    }

    @Export
    public int path_open(
            Task task,
            GuestMemory memory,
            int fd,
            int lookup,
            int path,
            int length,
            int how,
            long rights,
            long inheriting,
            int fdflags,
            int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, needed(how))) return WasiErrno.NOTCAPABLE;
        var parent = task.files().grant(fd, file);
        long most = parent == null ? Rights.ALL : parent.inheriting();
        long wanted = rights & Rights.ALL;
        if ((wanted & ~most) != 0) return WasiErrno.NOTCAPABLE;
        memory.slice(result, 4); // EFAULT before there is a descriptor
        var fs = task.process().fs();
        int flags = flags(lookup, how, wanted, fdflags);
        var opened =
                fs.namespace()
                        .open(fs, directory(file), path(memory, path, length), flags, NEW_FILE);
        int number = install(task, opened, wanted, inheriting & most);
        memory.putInt(result, number);
        return WasiErrno.SUCCESS;
    }

    private static long needed(int how) {
        long needed = Rights.PATH_OPEN;
        if ((how & CREAT) != 0) needed |= Rights.PATH_CREATE_FILE;
        if ((how & TRUNC) != 0) needed |= Rights.PATH_FILESTAT_SET_SIZE;
        return needed;
    }

    private static int flags(int lookup, int how, long rights, int fdflags) {
        boolean directory = (how & DIRECTORY) != 0;
        int flags = Rights.accessMode(rights);
        flags |= DescriptorCalls.openFlags(fdflags);
        if ((lookup & StatusCalls.SYMLINK_FOLLOW) == 0) flags |= OpenFile.O_NOFOLLOW;
        if (directory) flags |= OpenFile.O_DIRECTORY;
        if ((how & CREAT) != 0) flags |= OpenFile.O_CREAT;
        if ((how & EXCL) != 0) flags |= OpenFile.O_EXCL;
        if ((how & TRUNC) != 0) flags |= OpenFile.O_TRUNC;
        return flags;
    }

    private static int install(Task task, OpenFile opened, long rights, long inheriting) {
        FileType type;
        try {
            type = FileType.of(opened, opened.attributes());
        } catch (ErrnoException e) {
            opened.release();
            throw e;
        }
        var grant = new Grant(rights & Rights.of(type), inheriting, null);
        return task.files().add(opened, 0, true, grant);
    }

    @Export
    public int path_create_directory(Task task, GuestMemory memory, int fd, int path, int length) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.PATH_CREATE_DIRECTORY)) return WasiErrno.NOTCAPABLE;
        var fs = task.process().fs();
        var name = path(memory, path, length);
        fs.namespace().makeDirectory(fs, directory(file), name, NEW_DIRECTORY);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int path_remove_directory(Task task, GuestMemory memory, int fd, int path, int length) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.PATH_REMOVE_DIRECTORY)) return WasiErrno.NOTCAPABLE;
        var fs = task.process().fs();
        var name = path(memory, path, length);
        fs.namespace().unlink(fs, directory(file), name, MountNamespace.AT_REMOVEDIR);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int path_unlink_file(Task task, GuestMemory memory, int fd, int path, int length) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.PATH_UNLINK_FILE)) return WasiErrno.NOTCAPABLE;
        var fs = task.process().fs();
        fs.namespace().unlink(fs, directory(file), path(memory, path, length), 0);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int path_link(
            Task task,
            GuestMemory memory,
            int oldFd,
            int lookup,
            int oldPath,
            int oldLength,
            int newFd,
            int newPath,
            int newLength) {
        var from = task.files().get(oldFd);
        var to = task.files().get(newFd);
        if (Rights.lacks(task, oldFd, from, Rights.PATH_LINK_SOURCE)
                || Rights.lacks(task, newFd, to, Rights.PATH_LINK_TARGET))
            return WasiErrno.NOTCAPABLE;
        boolean follow = (lookup & StatusCalls.SYMLINK_FOLLOW) != 0;
        var fs = task.process().fs();
        fs.namespace()
                .link(
                        fs,
                        directory(from),
                        path(memory, oldPath, oldLength),
                        directory(to),
                        path(memory, newPath, newLength),
                        follow ? MountNamespace.AT_SYMLINK_FOLLOW : 0);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int path_rename(
            Task task,
            GuestMemory memory,
            int oldFd,
            int oldPath,
            int oldLength,
            int newFd,
            int newPath,
            int newLength) {
        var from = task.files().get(oldFd);
        var to = task.files().get(newFd);
        if (Rights.lacks(task, oldFd, from, Rights.PATH_RENAME_SOURCE)
                || Rights.lacks(task, newFd, to, Rights.PATH_RENAME_TARGET))
            return WasiErrno.NOTCAPABLE;
        var fs = task.process().fs();
        fs.namespace()
                .rename(
                        fs,
                        directory(from),
                        path(memory, oldPath, oldLength),
                        directory(to),
                        path(memory, newPath, newLength),
                        0);
        return WasiErrno.SUCCESS;
    }

    /// An absolute target leads out of every directory, so it is refused at once.
    @Export
    public int path_symlink(
            Task task,
            GuestMemory memory,
            int target,
            int targetLength,
            int fd,
            int path,
            int length) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.PATH_SYMLINK)) return WasiErrno.NOTCAPABLE;
        var text = path(memory, target, targetLength);
        if (text.startsWith("/")) return WasiErrno.PERM;
        if (text.indexOf('\0') >= 0) return WasiErrno.INVAL;
        var fs = task.process().fs();
        fs.namespace().symlink(fs, text, directory(file), path(memory, path, length));
        return WasiErrno.SUCCESS;
    }

    /// A target that does not fit is cut off, as readlink(2) has it.
    @Export
    public int path_readlink(
            Task task,
            GuestMemory memory,
            int fd,
            int path,
            int length,
            int buffer,
            int size,
            int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.PATH_READLINK)) return WasiErrno.NOTCAPABLE;
        var fs = task.process().fs();
        var target =
                LinuxString.encode(
                        fs.namespace().readLink(fs, directory(file), path(memory, path, length)));
        int count = Integer.compareUnsigned(size, target.length) < 0 ? size : target.length;
        memory.put(buffer, java.util.Arrays.copyOf(target, count));
        memory.putInt(result, count);
        return WasiErrno.SUCCESS;
    }
}
