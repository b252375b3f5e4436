package podium.syscall.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Process;

/// What is kept of a socket of the internet whose process is frozen.
///
/// @param domain `AF_INET` or `AF_INET6`
/// @param stream whether it is of TCP, else UDP
/// @param name what it was bound to, or null
/// @param backlog of one that listened, else -1
/// @param connected whether it had a peer
record FrozenSocket(
        int domain,
        boolean stream,
        SocketName.@Nullable Inet name,
        int backlog,
        boolean connected,
        SocketOptions options) {

    private static final int VERSION = 1;

    /// Guarded by the socket's network.
    static FrozenSocket of(InetSocket socket) {
        var tcp = socket instanceof TcpSocket stream ? stream : null;
        var listener = tcp == null ? null : tcp.listener();
        return new FrozenSocket(
                socket.domain,
                tcp != null,
                socket.bound
                        ? new SocketName.Inet(socket.domain, socket.address, socket.port)
                        : null,
                listener == null ? -1 : listener.backlog(),
                tcp != null && tcp.hasPeer(),
                socket.options);
    }

    byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeBoolean(domain == SocketConstants.AF_INET6);
            out.writeBoolean(stream);
            out.writeBoolean(name != null);
            if (name != null) {
                var address = name.address().getAddress();
                out.writeByte(address.length);
                out.write(address);
                out.writeShort(name.port());
            }
            out.writeInt(backlog);
            out.writeBoolean(connected);
            options.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// @throws podium.syscall.ErrnoException `EINVAL`
    static FrozenSocket read(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) throw Errno.EINVAL.exception();
            int domain = in.readBoolean() ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;
            boolean stream = in.readBoolean();
            var name = in.readBoolean() ? readName(in, domain) : null;
            int backlog = in.readInt();
            boolean connected = in.readBoolean();
            var options = new SocketOptions();
            options.read(in);
            return new FrozenSocket(domain, stream, name, backlog, connected, options);
        } catch (IOException e) {
            throw Errno.EINVAL.exception(); // it ends early
        }
    }

    private static SocketName.Inet readName(DataInputStream in, int domain) throws IOException {
        var bytes = new byte[in.readByte() == 4 ? 4 : 16];
        in.readFully(bytes);
        var address = InetAddress.getByAddress(bytes);
        if (domain == SocketConstants.AF_INET && !(address instanceof Inet4Address))
            throw Errno.EINVAL.exception();
        return new SocketName.Inet(domain, address, in.readUnsignedShort());
    }

    /// Makes a socket of it.
    ///
    /// @throws podium.syscall.ErrnoException as [podium.syscall.Sockets#thaw] has it
    InetSocket thaw(PodNetwork network, Process process) {
        var socket = stream ? new TcpSocket(network, domain) : new UdpSocket(network, domain);
        boolean done = false;
        try {
            socket.options.take(options);
            if (name != null) socket.bind(process, name);
            if (socket instanceof TcpSocket tcp) {
                if (backlog >= 0) tcp.listen(Math.min(backlog, SocketConstants.SOMAXCONN));
                else if (connected) tcp.wasReset();
            }
            done = true;
            return socket;
        } finally {
            if (!done) socket.release();
        }
    }
}
