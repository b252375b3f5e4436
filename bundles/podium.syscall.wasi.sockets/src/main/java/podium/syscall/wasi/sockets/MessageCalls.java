package podium.syscall.wasi.sockets;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.SocketFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.wasi.abi.IoVector;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.Transfer;
import podium.syscall.wasi.abi.WasiErrno;

/// Sending to an address, and receiving with the sender's. Without addresses the interface's own
/// functions do.
@Component(service = SyscallFamily.class)
public final class MessageCalls extends ExtensionFamily {

    private static final int RECV_PEEK = 1;
    private static final int RECV_DATA_TRUNCATED = 1;

    /// Bytes of one call: more than any datagram has.
    private static final int PORTION = 1 << 18;

    /// Without the sender's port.
    @Export
    public int sock_recv_from(
            Task task,
            GuestMemory memory,
            int fd,
            int vector,
            int count,
            int address,
            int flags,
            int result,
            int resultFlags) {
        return receive(task, memory, fd, vector, count, address, flags, null, result, resultFlags);
    }

    /// With the sender's port.
    @Export
    public int sock_recv_from(
            Task task,
            GuestMemory memory,
            int fd,
            int vector,
            int count,
            int address,
            int flags,
            int port,
            int result,
            int resultFlags) {
        memory.slice(port, 4);
        return receive(task, memory, fd, vector, count, address, flags, port, result, resultFlags);
    }

    /// Where the sender's address and port go, and who that was.
    private static final class Sender {

        private final GuestMemory memory;
        private final int address;
        private final @Nullable Integer port;
        private @Nullable InetSocketAddress name;

        /// @param port where that goes; null for nowhere
        Sender(GuestMemory memory, int address, @Nullable Integer port) {
            this.memory = memory;
            this.address = address;
            this.port = port;
            memory.slice(address, 8);
            memory.slice(memory.getInt(address), memory.getInt(address + 4));
        }

        void is(InetSocketAddress name) {
            this.name = name;
        }

        /// Of a stream the peer is told, as long as there is one.
        void write() {
            var known = name;
            if (known != null) Address.write(memory, address, known.getAddress());
            if (port != null) memory.putInt(port, known == null ? 0 : known.getPort());
        }
    }

    private static int receive(
            Task task,
            GuestMemory memory,
            int fd,
            int vector,
            int count,
            int address,
            int flags,
            @Nullable Integer port,
            int result,
            int resultFlags) {
        var socket = socket(task, fd);
        var sender = new Sender(memory, address, port);
        if (Rights.lacks(task, fd, socket, Rights.FD_READ)) return WasiErrno.NOTCAPABLE;
        if ((flags & ~RECV_PEEK) != 0) return WasiErrno.INVAL;
        memory.slice(result, 4);
        memory.putShort(resultFlags, (short) 0);
        int total = IoVector.total(memory, vector, count);
        var whole = ByteBuffer.allocate(Math.min(total, PORTION));
        int own = (flags & RECV_PEEK) != 0 ? SocketFile.MSG_PEEK : 0;
        if (!socket.isStream()) own |= SocketFile.MSG_TRUNC;
        int received = socket.receive(whole, own, sender::is);
        if (received < 0)
            return Transfer.answer(task, memory, socket, received, Pollable.IN, result);
        if (received > whole.position()) memory.putShort(resultFlags, (short) RECV_DATA_TRUNCATED);
        IoVector.scatter(whole.flip(), memory, vector, count, 0);
        sender.write();
        memory.putInt(result, whole.limit());
        return WasiErrno.SUCCESS;
    }

    @Export
    public int sock_send_to(
            Task task,
            GuestMemory memory,
            int fd,
            int vector,
            int count,
            int address,
            int port,
            int flags,
            int result) {
        var socket = socket(task, fd);
        if (Rights.lacks(task, fd, socket, Rights.FD_WRITE)) return WasiErrno.NOTCAPABLE;
        if (flags != 0) return WasiErrno.INVAL;
        memory.slice(result, 4);
        var to = Address.read(memory, address, port);
        int total = IoVector.total(memory, vector, count);
        if (total > PORTION && !socket.isStream()) throw Errno.EMSGSIZE.exception();
        var part = IoVector.gather(memory, vector, count, Math.min(total, PORTION));
        int sent = socket.send(task, part, to);
        return Transfer.answer(task, memory, socket, sent, Pollable.OUT, result);
    }
}
