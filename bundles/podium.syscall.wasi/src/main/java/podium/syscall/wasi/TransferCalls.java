package podium.syscall.wasi;

import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.syscall.wasi.abi.IoVector;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.Transfer;
import podium.syscall.wasi.abi.WasiErrno;

/// Reading, writing and seeking. What can be transferred at once is; only when that is nothing does
/// a call wait.
public final class TransferCalls extends WasiFamily {

    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;

    TransferCalls(Version version) {
        super(version);
    }

    @Export
    public int fd_read(Task task, GuestMemory memory, int fd, int vector, int count, int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_READ)) return WasiErrno.NOTCAPABLE;
        int done = IoVector.read(file, memory, vector, count, -1);
        return Transfer.answer(task, memory, file, done, Pollable.IN, result);
    }

    @Export
    public int fd_write(Task task, GuestMemory memory, int fd, int vector, int count, int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_WRITE)) return WasiErrno.NOTCAPABLE;
        int done = IoVector.write(file, memory, vector, count, -1);
        return Transfer.answer(task, memory, file, done, Pollable.OUT, result);
    }

    @Export
    public int fd_pread(
            Task task, GuestMemory memory, int fd, int vector, int count, long offset, int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_READ | Rights.FD_SEEK))
            return WasiErrno.NOTCAPABLE;
        if (offset < 0) return WasiErrno.INVAL;
        int done = IoVector.read(file, memory, vector, count, offset);
        return Transfer.answer(task, memory, file, done, Pollable.IN, result);
    }

    @Export
    public int fd_pwrite(
            Task task, GuestMemory memory, int fd, int vector, int count, long offset, int result) {
        var file = task.files().get(fd);
        if (Rights.lacks(task, fd, file, Rights.FD_WRITE | Rights.FD_SEEK))
            return WasiErrno.NOTCAPABLE;
        if (offset < 0) return WasiErrno.INVAL;
        int done = IoVector.write(file, memory, vector, count, offset);
        return Transfer.answer(task, memory, file, done, Pollable.OUT, result);
    }

    @Export
    public int fd_seek(
            Task task, GuestMemory memory, int fd, long distance, int whence, int result) {
        var file = task.files().get(fd);
        boolean tells = distance == 0 && version.whence(whence) == SEEK_CUR;
        if (tells ? mayNotTell(task, fd, file) : Rights.lacks(task, fd, file, Rights.FD_SEEK))
            return WasiErrno.NOTCAPABLE;
        int linux = version.whence(whence);
        if (linux < 0 || linux > SEEK_END) return WasiErrno.INVAL;
        return offset(memory, file.seek(distance, linux), result);
    }

    @Export
    public int fd_tell(Task task, GuestMemory memory, int fd, int result) {
        var file = task.files().get(fd);
        if (mayNotTell(task, fd, file)) return WasiErrno.NOTCAPABLE;
        return offset(memory, file.seek(0, SEEK_CUR), result);
    }

    /// The right to seek implies the one to tell.
    private static boolean mayNotTell(Task task, int fd, OpenFile file) {
        return Rights.lacks(task, fd, file, Rights.FD_TELL)
                && Rights.lacks(task, fd, file, Rights.FD_SEEK);
    }

    private static int offset(GuestMemory memory, long offset, int result) {
        if (offset < 0 && offset > -4096) return WasiErrno.of(offset);
        if (offset < 0) throw Errno.EOVERFLOW.exception();
        memory.putLong(result, offset);
        return WasiErrno.SUCCESS;
    }
}
