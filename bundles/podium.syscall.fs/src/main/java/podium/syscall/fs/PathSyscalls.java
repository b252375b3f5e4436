package podium.syscall.fs;

import static podium.syscall.fs.Places.at;
import static podium.syscall.fs.Places.namespace;

import org.osgi.service.component.annotations.Component;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.vfs.MountNamespace;

/// System calls that open, make, move and remove names, and say where a process is.
@Component(service = SyscallFamily.class)
public final class PathSyscalls implements SyscallFamily {

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int MFD_EXEC = 16;
    private static final int OPEN_HOW = 24;

    @Override
    public String module() {
        return "linux";
    }

    /// openat(2).
    @Export
    public int openat(Task task, int fd, @CString String path, int flags, int mode) {
        var file = namespace(task).open(task.process().fs(), at(task, fd, path), path, flags, mode);
        return task.files().add(file, (flags & OpenFile.O_CLOEXEC) != 0);
    }

    /// openat2(2), without restrictions of the resolution.
    @Export
    public int openat2(
            Task task, GuestMemory memory, int fd, @CString String path, int how, int size) {
        if (Integer.compareUnsigned(size, OPEN_HOW) < 0) return Errno.EINVAL.negated();
        if (Integer.compareUnsigned(size, GuestMemory.PATH_MAX) > 0) return Errno.E2BIG.negated();
        for (int i = OPEN_HOW; i < size; i++)
            if (memory.getByte(how + i) != 0) return Errno.E2BIG.negated();
        long flags = memory.getLong(how);
        long mode = memory.getLong(how + 8);
        long resolve = memory.getLong(how + 16);
        if (flags >>> 32 != 0 || (mode & ~07777L) != 0 || resolve != 0)
            return Errno.EINVAL.negated();
        boolean creates = (flags & (OpenFile.O_CREAT | OpenFile.O_TMPFILE)) != 0;
        if (mode != 0 && !creates) return Errno.EINVAL.negated();
        return openat(task, fd, path, (int) flags, (int) mode);
    }

    /// memfd_create(2).
    @Export("memfd_create")
    public int memfdCreate(Task task, @CString String name, int flags) {
        Places.only(flags, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC);
        if (LinuxString.encode(name).length > 249) return Errno.EINVAL.negated();
        var file = namespace(task).memoryFile(task.process().fs(), name);
        return task.files().add(file, (flags & MFD_CLOEXEC) != 0);
    }

    @Export
    public int mkdirat(Task task, int fd, @CString String path, int mode) {
        namespace(task).makeDirectory(task.process().fs(), at(task, fd, path), path, mode);
        return 0;
    }

    /// mknodat(2); the device number is the 32-bit one of makedev(3).
    @Export
    public int mknodat(Task task, int fd, @CString String path, int mode, int device) {
        namespace(task)
                .makeNode(
                        task.process().fs(),
                        at(task, fd, path),
                        path,
                        mode,
                        Integer.toUnsignedLong(device));
        return 0;
    }

    @Export
    public int symlinkat(Task task, @CString String target, int fd, @CString String path) {
        namespace(task).symlink(task.process().fs(), target, at(task, fd, path), path);
        return 0;
    }

    @Export
    public int linkat(
            Task task, int fromFd, @CString String from, int toFd, @CString String to, int flags) {
        Places.only(flags, MountNamespace.AT_SYMLINK_FOLLOW | MountNamespace.AT_EMPTY_PATH);
        namespace(task)
                .link(
                        task.process().fs(),
                        at(task, fromFd, from),
                        from,
                        at(task, toFd, to),
                        to,
                        flags);
        return 0;
    }

    @Export
    public int unlinkat(Task task, int fd, @CString String path, int flags) {
        Places.only(flags, MountNamespace.AT_REMOVEDIR);
        namespace(task).unlink(task.process().fs(), at(task, fd, path), path, flags);
        return 0;
    }

    @Export
    public int renameat2(
            Task task, int fromFd, @CString String from, int toFd, @CString String to, int flags) {
        namespace(task)
                .rename(
                        task.process().fs(),
                        at(task, fromFd, from),
                        from,
                        at(task, toFd, to),
                        to,
                        flags);
        return 0;
    }

    /// readlinkat(2): the text is cut off at the buffer's end, without a NUL.
    @Export
    public int readlinkat(
            Task task, GuestMemory memory, int fd, @CString String path, int buffer, int size) {
        if (size <= 0) return Errno.EINVAL.negated();
        var target = namespace(task).readLink(task.process().fs(), at(task, fd, path), path);
        var bytes = LinuxString.encode(target);
        int count = Math.min(bytes.length, size);
        memory.buffer(buffer, count).put(bytes, 0, count);
        return count;
    }

    /// getcwd(2) as the system call: the length with the NUL.
    @Export
    public int getcwd(Task task, GuestMemory memory, int buffer, int size) {
        var context = task.process().fs();
        var place = context.workingDirectory();
        var path = place.path(context);
        if (path.endsWith(" (deleted)") && place.attributes().links() == 0)
            return Errno.ENOENT.negated();
        var bytes = LinuxString.encode(path);
        if (Integer.compareUnsigned(bytes.length + 1, size) > 0) return Errno.ERANGE.negated();
        memory.buffer(buffer, bytes.length + 1).put(bytes).put((byte) 0);
        return bytes.length + 1;
    }

    @Export
    public int chdir(Task task, @CString String path) {
        var context = task.process().fs();
        context.setWorkingDirectory(context.namespace().resolve(context, null, path, 0));
        return 0;
    }

    @Export
    public int fchdir(Task task, int fd) {
        var place = task.files().get(fd).location();
        if (place == null) return Errno.ENOTDIR.negated();
        task.process().fs().setWorkingDirectory(place);
        return 0;
    }

    @Export
    public int chroot(Task task, @CString String path) {
        var context = task.process().fs();
        context.setRoot(context.namespace().resolve(context, null, path, 0));
        return 0;
    }

    @Export
    public int umask(Task task, int mask) {
        return task.process().fs().setUmask(mask);
    }
}
