package podium.syscall.wasi;

import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.SocketFile;
import podium.syscall.Task;
import podium.syscall.wasi.abi.IoVector;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.Transfer;
import podium.syscall.wasi.abi.WasiErrno;

/// Sockets that a program was given: by the program that executed it, or by another family.
public final class SocketCalls extends WasiFamily {

    private static final int RECV_PEEK = 1;
    private static final int RECV_WAITALL = 2;
    private static final int RECV_DATA_TRUNCATED = 1;
    private static final int SHUT_RD = 1;
    private static final int SHUT_WR = 2;

    /// Bytes received at once.
    private static final int PORTION = 1 << 18;

    SocketCalls(Version version) {
        super(version);
    }

    @Export
    public int sock_accept(Task task, GuestMemory memory, int fd, int flags, int result) {
        var file = task.files().get(fd);
        if (!(file instanceof SocketFile socket)) return WasiErrno.NOTSOCK;
        if (Rights.lacks(task, fd, file, Rights.SOCK_ACCEPT)) return WasiErrno.NOTCAPABLE;
        if ((flags & ~DescriptorCalls.NONBLOCK) != 0) return WasiErrno.INVAL;
        memory.slice(result, 4);
        int own = (flags != 0 ? OpenFile.O_NONBLOCK : 0) | OpenFile.O_CLOEXEC;
        var grant = Rights.ofConnection(task.files().grant(fd, file));
        int accepted = socket.accept(task.files(), own, grant);
        return Transfer.answer(task, memory, file, accepted, Pollable.IN, result);
    }

    @Export
    public int sock_recv(
            Task task,
            GuestMemory memory,
            int fd,
            int vector,
            int count,
            int flags,
            int result,
            int resultFlags) {
        var file = task.files().get(fd);
        if (!(file instanceof SocketFile socket)) return WasiErrno.NOTSOCK;
        if (Rights.lacks(task, fd, file, Rights.FD_READ)) return WasiErrno.NOTCAPABLE;
        if ((flags & ~(RECV_PEEK | RECV_WAITALL)) != 0) return WasiErrno.INVAL;
        memory.slice(result, 4);
        memory.putShort(resultFlags, (short) 0);
        var parts = new Received(socket, flags, task.kept() instanceof Integer n ? n : 0);
        int total = IoVector.total(memory, vector, count);
        int received = parts.into(memory, vector, count, total);
        boolean more = parts.done < total && parts.all() && received > 0;
        if (received == Errno.EAGAIN.negated() || more) {
            if (!file.nonBlocking() && !task.timedOut()) {
                task.keep(parts.done);
                return Transfer.await(task, file, Pollable.IN);
            }
        }
        if (parts.done == 0 && received < 0) return WasiErrno.of(received);
        if (parts.truncated) memory.putShort(resultFlags, (short) RECV_DATA_TRUNCATED);
        memory.putInt(result, parts.done);
        return WasiErrno.SUCCESS;
    }

    /// What one call has received, over all its attempts.
    private static final class Received {

        private final SocketFile socket;
        private final int flags;
        private int done;
        private boolean truncated;

        Received(SocketFile socket, int flags, int done) {
            this.socket = socket;
            this.flags = flags;
            this.done = done;
        }

        /// Whether it is to wait for all there is room for.
        boolean all() {
            return (flags & RECV_WAITALL) != 0 && (flags & RECV_PEEK) == 0 && socket.isStream();
        }

        /// @return bytes received in this attempt, or a negated errno
        int into(GuestMemory memory, int vector, int count, int total) {
            var whole = ByteBuffer.allocate(Math.min(total - done, PORTION));
            int own = (flags & RECV_PEEK) != 0 ? SocketFile.MSG_PEEK : 0;
            if (!socket.isStream()) own |= SocketFile.MSG_TRUNC;
            int received = socket.receive(whole, own);
            if (received < 0) return received;
            truncated = received > whole.position();
            IoVector.scatter(whole.flip(), memory, vector, count, done);
            done += whole.limit();
            return whole.limit();
        }
    }

    @Export
    public int sock_send(
            Task task, GuestMemory memory, int fd, int vector, int count, int flags, int result) {
        var file = task.files().get(fd);
        if (!(file instanceof SocketFile)) return WasiErrno.NOTSOCK;
        if (Rights.lacks(task, fd, file, Rights.FD_WRITE)) return WasiErrno.NOTCAPABLE;
        if (flags != 0) return WasiErrno.INVAL;
        memory.slice(result, 4);
        int sent = IoVector.write(file, memory, vector, count, -1);
        return Transfer.answer(task, memory, file, sent, Pollable.OUT, result);
    }

    @Export
    public int sock_shutdown(Task task, int fd, int how) {
        var file = task.files().get(fd);
        if (!(file instanceof SocketFile socket)) return WasiErrno.NOTSOCK;
        if (Rights.lacks(task, fd, file, Rights.SOCK_SHUTDOWN)) return WasiErrno.NOTCAPABLE;
        if (how == 0 || (how & ~(SHUT_RD | SHUT_WR)) != 0) return WasiErrno.INVAL;
        socket.shutdown((how & SHUT_RD) != 0, (how & SHUT_WR) != 0);
        return WasiErrno.SUCCESS;
    }
}
