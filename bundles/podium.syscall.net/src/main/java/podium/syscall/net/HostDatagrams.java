package podium.syscall.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import podium.syscall.Errno;

/// The host's channel of a UDP socket that has sent something outside. Only who was written to can
/// answer.
final class HostDatagrams {

    /// How many correspondents a socket may have at once.
    private static final int PEERS = 1024;

    private final UdpSocket socket;
    private final DatagramChannel channel;
    private final SelectionKey key;

    /// Where answers really come from, to whom the guest wrote.
    private final Map<InetSocketAddress, SocketName.Inet> peers = new ConcurrentHashMap<>();

    HostDatagrams(UdpSocket socket) throws IOException {
        this.socket = socket;
        channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(null);
            key = socket.network.selector.register(channel, SelectionKey.OP_READ, _ -> receive());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    int send(ByteBuffer bytes, InetSocketAddress to, InetAddress ip, int port) throws IOException {
        if (peers.size() >= PEERS && !peers.containsKey(to)) return Errno.ENOBUFS.negated();
        peers.put(to, new SocketName.Inet(socket.domain, ip, port));
        int length = bytes.remaining();
        // A full send buffer loses the datagram, as a full queue on the way would.
        channel.send(bytes, to);
        return length;
    }

    private void receive() {
        var bytes = ByteBuffer.allocate(65_536);
        try {
            for (int i = 0; i < 64; i++) {
                var from = channel.receive(bytes.clear());
                if (from == null) break;
                var peer = peers.get((InetSocketAddress) from);
                if (peer == null || !socket.network.admits(peer.address(), peer.port())) continue;
                socket.arrived(java.util.Arrays.copyOf(bytes.array(), bytes.position()), peer);
            }
            HostSelector.watch(key, SelectionKey.OP_READ);
        } catch (java.nio.channels.ClosedChannelException e) {
            return; // by the guest, meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
