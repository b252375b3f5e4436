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
        var socket = socket(task, fd);
        var sender = new Sender(memory, address);
        return receive(task, memory, fd, socket, vector, count, flags, sender, result, resultFlags);
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
        var socket = socket(task, fd);
        var sender = new Sender(memory, address);
        int answer =
                receive(
                        task,
                        memory,
                        fd,
                        socket,
                        vector,
                        count,
                        flags,
                        sender,
                        result,
                        resultFlags);
        if (answer == WasiErrno.SUCCESS) memory.putInt(port, sender.port());
        return answer;
    }

    /// Where the sender goes, and who that was.
    private static final class Sender {

        private final GuestMemory memory;
        private final int address;
        private @Nullable InetSocketAddress name;

        Sender(GuestMemory memory, int address) {
            this.memory = memory;
            this.address = address;
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
        }

        int port() {
            var known = name;
            return known == null ? 0 : known.getPort();
        }
    }

    private static int receive(
            Task task,
            GuestMemory memory,
            int fd,
            SocketFile socket,
            int vector,
            int count,
            int flags,
            Sender sender,
            int result,
            int resultFlags) {
        if (lacks(task, fd, socket, Rights.FD_READ)) return WasiErrno.NOTCAPABLE;
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
        if (lacks(task, fd, socket, Rights.FD_WRITE)) return WasiErrno.NOTCAPABLE;
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
