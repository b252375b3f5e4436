package podium.syscall.wasi.sockets;

import podium.syscall.Errno;
import podium.syscall.ErrorNumbers;
import podium.syscall.SocketFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.wasi.abi.WasiErrno;

/// One area of the extension. Methods are named and take their parameters as the extension has
/// them; they return an `errno`, or wait.
abstract class ExtensionFamily implements SyscallFamily {

    @Override
    public final String module() {
        return "wasi_snapshot_preview1";
    }

    @Override
    public final ErrorNumbers errors() {
        return WasiErrno.NUMBERS;
    }

    /// The socket of a descriptor; what it must allow is up to the caller.
    ///
    /// @throws podium.syscall.ErrnoException `EBADF`, `ENOTSOCK`
    static SocketFile socket(Task task, int fd) {
        if (task.files().get(fd) instanceof SocketFile socket) return socket;
        throw Errno.ENOTSOCK.exception();
    }
}
