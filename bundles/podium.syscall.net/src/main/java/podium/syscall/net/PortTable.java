package podium.syscall.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;

/// Which sockets of one protocol have which local address and port. Guarded by [PodNetwork].
final class PortTable<S extends PortTable.Bound> {

    /// net.ipv4.ip_local_port_range.
    private static final int FIRST_EPHEMERAL = 32_768;

    private static final int LAST_EPHEMERAL = 60_999;

    private final Map<Integer, List<S>> ports = new HashMap<>();
    private int next = ThreadLocalRandom.current().nextInt(FIRST_EPHEMERAL, LAST_EPHEMERAL + 1);

    /// A socket with a local name.
    interface Bound {

        InetAddress localAddress();

        /// Whether it takes IPv4 as well as IPv6.
        boolean dualStack();

        boolean listens();

        /// Whether connections of one peer alone are its own.
        boolean accepts(SocketName.Inet from);

        SocketOptions boundOptions();
    }

    /// Gives a socket a port.
    ///
    /// @param port 0 for any free one
    /// @return the port
    /// @throws podium.syscall.ErrnoException `EADDRINUSE`
    int bind(S socket, int port) {
        if (port == 0) port = free(socket);
        else check(socket, port);
        ports.computeIfAbsent(port, _ -> new ArrayList<>(1)).add(socket);
        return port;
    }

    void remove(S socket, int port) {
        var there = ports.get(port);
        if (there == null) return;
        there.remove(socket);
        if (there.isEmpty()) ports.remove(port);
    }

    /// A port nobody is bound to, for the near end of a connection that needs no entry.
    int ephemeral() {
        for (int i = FIRST_EPHEMERAL; i <= LAST_EPHEMERAL; i++) {
            int port = step();
            if (!ports.containsKey(port)) return port;
        }
        throw Errno.EADDRNOTAVAIL.exception();
    }

    private int free(S socket) {
        for (int i = FIRST_EPHEMERAL; i <= LAST_EPHEMERAL; i++) {
            int port = step();
            if (!ports.containsKey(port)) return port;
        }
        for (int port = FIRST_EPHEMERAL; port <= LAST_EPHEMERAL; port++)
            if (!conflicts(socket, port)) return port;
        throw Errno.EADDRINUSE.exception();
    }

    private int step() {
        next = next >= LAST_EPHEMERAL ? FIRST_EPHEMERAL : next + 1;
        return next;
    }

    /// @throws podium.syscall.ErrnoException `EADDRINUSE`
    void check(S socket, int port) {
        if (conflicts(socket, port)) throw Errno.EADDRINUSE.exception();
    }

    private boolean conflicts(S socket, int port) {
        var there = ports.get(port);
        if (there == null) return false;
        for (var other : there)
            if (other != socket && overlap(socket, other) && !shared(socket, other)) return true;
        return false;
    }

    /// Whether a socket may share what another one has.
    private static boolean shared(Bound a, Bound b) {
        var x = a.boundOptions();
        var y = b.boundOptions();
        if (x.reusePort && y.reusePort) return true;
        return x.reuseAddress && y.reuseAddress && !b.listens();
    }

    private static boolean overlap(Bound a, Bound b) {
        return covers(a, b.localAddress(), b.dualStack())
                || covers(b, a.localAddress(), a.dualStack());
    }

    /// Whether a socket gets what is sent to an address.
    private static boolean covers(Bound socket, InetAddress address, boolean bothFamilies) {
        var own = socket.localAddress();
        if (own.equals(address)) return true;
        if (!own.isAnyLocalAddress()) return false;
        if (socket.dualStack()) return true;
        return (bothFamilies && address.isAnyLocalAddress())
                || own instanceof Inet4Address == address instanceof Inet4Address;
    }

    /// The socket that gets what arrives for an address: the one bound most narrowly.
    @Nullable S find(InetAddress to, int port, SocketName.Inet from) {
        var there = ports.get(port);
        if (there == null) return null;
        S best = null;
        for (var socket : there) {
            if (!covers(socket, to, false) || !socket.accepts(from)) continue;
            if (best == null || best.localAddress().isAnyLocalAddress()) best = socket;
        }
        return best;
    }

    /// The sockets at a port.
    List<S> at(int port) {
        return ports.getOrDefault(port, List.of());
    }
}
