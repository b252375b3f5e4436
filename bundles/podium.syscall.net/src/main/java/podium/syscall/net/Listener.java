package podium.syscall.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.pod.PortalRule;
import podium.portal.Connection;
import podium.portal.GuestPort;
import podium.syscall.Errno;
import podium.syscall.WaitQueue;

/// What makes a TCP socket listen: its queue of established connections and of those that wait for
/// a place in it. Guarded by [PodNetwork].
final class Listener {

    /// How many may wait when the queue is full; Linux lets their SYNs time out.
    private static final int WAITING = 1024;

    final TcpSocket socket;
    private int backlog;
    private final ArrayDeque<Arrived> queue = new ArrayDeque<>();
    private final ArrayDeque<TcpSocket> waiting = new ArrayDeque<>();

    /// A connection that accept(2) has not fetched yet.
    record Arrived(StreamEnd end, WaitQueue waiters, SocketName.Inet local, SocketName.Inet peer) {}

    Listener(TcpSocket socket, int backlog) {
        this.socket = socket;
        this.backlog = backlog;
    }

    void setBacklog(int backlog) {
        this.backlog = backlog;
    }

    int backlog() {
        return backlog;
    }

    boolean full() {
        return queue.size() > backlog;
    }

    boolean hasArrived() {
        return !queue.isEmpty();
    }

    /// Makes a connection.
    ///
    /// @return the connecting side's end
    StreamEnd arrive(WaitQueue connector, SocketName.Inet local, SocketName.Inet peer) {
        var waiters = new WaitQueue();
        var end = StreamEnd.pair(socket.network.buffers, connector, waiters, true);
        queue.add(new Arrived(end.other(), waiters, local, peer));
        return end;
    }

    /// Lets a connecting socket wait for a place.
    ///
    /// @return false when too many do
    boolean await(TcpSocket connector) {
        return waiting.size() < WAITING && waiting.add(connector);
    }

    void giveUp(TcpSocket connector) {
        waiting.remove(connector);
    }

    @Nullable Arrived take() {
        var arrived = queue.poll();
        if (arrived != null) {
            var next = waiting.poll();
            if (next != null) next.establish(this);
        }
        return arrived;
    }

    void putBack(Arrived arrived) {
        queue.addFirst(arrived);
    }

    /// Ends it: who has not been accepted is reset, who waits is refused.
    void close() {
        for (var arrived : queue) arrived.end.close(true);
        queue.clear();
        for (var connector : List.copyOf(waiting)) connector.refused(Errno.ECONNREFUSED);
        waiting.clear();
    }

    /// A port as the host sees it, for as long as somebody listens there.
    static final class Port implements GuestPort {

        private final PodNetwork network;
        private final int port;

        Port(PodNetwork network, int port) {
            this.network = network;
            this.port = port;
        }

        @Override
        public String pod() {
            return network.podName();
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public List<PortalRule> rules() {
            return network.portalRules();
        }

        @Override
        public Connection connect(InetSocketAddress peer) throws IOException {
            return network.connectFromHost(this, peer);
        }

        @Override
        public String toString() {
            return pod() + ":" + port;
        }
    }
}
