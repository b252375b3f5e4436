package podium.syscall.wasi;

import static podium.syscall.OpenFile.O_APPEND;
import static podium.syscall.OpenFile.O_DSYNC;
import static podium.syscall.OpenFile.O_NONBLOCK;
import static podium.syscall.OpenFile.O_SYNC;

import podium.syscall.Export;
import podium.syscall.Grant;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;
import podium.syscall.Task;
import podium.syscall.wasi.abi.FileType;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.WasiErrno;

/// Descriptors: what they are and allow, closing and renumbering them.
public final class DescriptorCalls extends WasiFamily {

    static final int APPEND = 1;
    static final int DSYNC = 2;
    static final int NONBLOCK = 4;
    static final int RSYNC = 8;
    static final int SYNC = 16;
    private static final int FDSTAT = 24;

    /// The last `advice`.
    private static final int NOREUSE = 5;

    DescriptorCalls(Version version) {
        super(version);
    }

    @Export
    public int fd_close(Task task, int fd) {
        task.files().close(fd);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int fd_renumber(Task task, int from, int to) {
        task.files().move(from, to);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int fd_fdstat_get(Task task, GuestMemory memory, int fd, int result) {
        var file = task.files().get(fd);
        var grant = task.files().grant(fd, file);
        var type = FileType.of(file, file.attributes());
        memory.clear(result, FDSTAT);
        memory.putByte(result, (byte) type.ordinal());
        memory.putShort(result + 2, (short) fdflags(file.flags()));
        memory.putLong(result + 8, grant != null ? grant.rights() : Rights.of(file, type));
        long inheriting = type == FileType.DIRECTORY ? Rights.ALL : 0;
        memory.putLong(result + 16, grant != null ? grant.inheriting() : inheriting);
        return WasiErrno.SUCCESS;
    }

    /// `fdflags` of the flags of open(2).
    private static int fdflags(int flags) {
        int result = 0;
        if ((flags & O_APPEND) != 0) result |= APPEND;
        if ((flags & O_NONBLOCK) != 0) result |= NONBLOCK;
        if ((flags & O_SYNC) == O_SYNC) result |= SYNC;
        else if ((flags & O_DSYNC) != 0) result |= DSYNC;
        return result;
    }

    /// Flags of open(2) of `fdflags`.
    static int openFlags(int fdflags) {
        int flags = 0;
        if ((fdflags & APPEND) != 0) flags |= O_APPEND;
        if ((fdflags & NONBLOCK) != 0) flags |= O_NONBLOCK;
        if ((fdflags & DSYNC) != 0) flags |= O_DSYNC;
        if ((fdflags & (SYNC | RSYNC)) != 0) flags |= O_SYNC;
        return flags;
    }

    /// As fcntl(2) has it, only appending and waiting can be changed.
    @Export
    public int fd_fdstat_set_flags(Task task, int fd, int flags) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_FDSTAT_SET_FLAGS)) return WasiErrno.NOTCAPABLE;
        if ((flags & ~(APPEND | DSYNC | NONBLOCK | RSYNC | SYNC)) != 0) return WasiErrno.INVAL;
        int fixed = DSYNC | RSYNC | SYNC;
        if ((flags & fixed & ~fdflags(file.flags())) != 0) return WasiErrno.NOTSUP;
        file.setFlags(openFlags(flags));
        return WasiErrno.SUCCESS;
    }

    /// Rights can only be given up.
    @Export
    public int fd_fdstat_set_rights(Task task, int fd, long rights, long inheriting) {
        var file = task.files().get(fd);
        var type = FileType.of(file, file.attributes());
        for (; ; ) {
            var grant = task.files().grant(fd, file);
            long had = grant != null ? grant.rights() : Rights.of(file, type);
            long inherited = grant != null ? grant.inheriting() : Rights.ALL;
            if ((rights & ~had) != 0 || (inheriting & ~inherited) != 0) return WasiErrno.NOTCAPABLE;
            var name = grant != null ? grant.name() : null;
            if (task.files().changeGrant(fd, file, grant, new Grant(rights, inheriting, name)))
                return WasiErrno.SUCCESS;
        }
    }

    @Export
    public int fd_prestat_get(Task task, GuestMemory memory, int fd, int result) {
        var name = Preopens.name(task, fd);
        if (name == null) return WasiErrno.BADF;
        memory.putInt(result, 0);
        memory.putInt(result + 4, LinuxString.encode(name).length);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int fd_prestat_dir_name(Task task, GuestMemory memory, int fd, int address, int length) {
        var name = Preopens.name(task, fd);
        if (name == null) return WasiErrno.BADF;
        var bytes = LinuxString.encode(name);
        if (Integer.compareUnsigned(length, bytes.length) < 0) return WasiErrno.NAMETOOLONG;
        memory.put(address, bytes);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int fd_sync(Task task, int fd) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_SYNC)) return WasiErrno.NOTCAPABLE;
        file.sync(false);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int fd_datasync(Task task, int fd) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_DATASYNC)) return WasiErrno.NOTCAPABLE;
        file.sync(true);
        return WasiErrno.SUCCESS;
    }

    /// Advice is not needed here.
    @Export
    public int fd_advise(Task task, int fd, long offset, long length, int advice) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_ADVISE)) return WasiErrno.NOTCAPABLE;
        if (file.location() == null) return WasiErrno.SPIPE;
        boolean known = advice >= 0 && advice <= NOREUSE;
        return known && offset >= 0 && length >= 0 ? WasiErrno.SUCCESS : WasiErrno.INVAL;
    }

    @Export
    public int fd_allocate(Task task, int fd, long offset, long length) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_ALLOCATE)) return WasiErrno.NOTCAPABLE;
        file.allocate(0, offset, length);
        return WasiErrno.SUCCESS;
    }
}
