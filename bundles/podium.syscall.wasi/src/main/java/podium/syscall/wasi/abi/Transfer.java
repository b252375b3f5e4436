package podium.syscall.wasi.abi;

import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.SocketFile;
import podium.syscall.Task;

/// How a call ends that transfers something, or waits until it can.
public final class Transfer {

    private Transfer() {}

    /// What a function returns for what its transfer gave.
    ///
    /// @param count what was transferred, or a negated errno
    /// @param events what to wait for
    /// @param result where the count goes
    public static int answer(
            Task task, GuestMemory memory, OpenFile file, int count, int events, int result) {
        if (count >= 0) {
            memory.putInt(result, count);
            return WasiErrno.SUCCESS;
        }
        return count == Errno.EAGAIN.negated() ? await(task, file, events) : WasiErrno.of(count);
    }

    /// Waits, unless the file or its caller does not, or did long enough.
    public static int await(Task task, OpenFile file, int events) {
        if (file.nonBlocking() || task.timedOut()) return WasiErrno.AGAIN;
        return task.block(file, events, timeout(file, events));
    }

    private static long timeout(OpenFile file, int events) {
        if (!(file instanceof SocketFile socket)) return Task.FOREVER;
        return socket.timeout((events & Pollable.IN) != 0);
    }
}
