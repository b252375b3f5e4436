package podium.syscall.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import podium.pod.PortalRule;
import podium.portal.Connection;
import podium.syscall.Errno;
import podium.syscall.PodContext;
import podium.syscall.WaitQueue;

/// A pod's network: its addresses, who is bound where, and the gate to the outside. It is the lock
/// for names, ports, backlogs and connection set-up.
final class PodNetwork implements AutoCloseable {

    /// Bytes that the sockets of one pod may hold.
    static final long BUFFERS = 64L << 20;

    /// Sockets of one pod, connections in backlogs not counted.
    static final int SOCKETS = 65_536;

    /// Files on their way through sockets (SCM_RIGHTS) in one pod.
    static final int FILES_IN_FLIGHT = 1024;

    static final InetAddress LOOPBACK = SockAddr.address(new byte[] {127, 0, 0, 1});
    static final InetAddress LOOPBACK_SIX =
            SockAddr.address(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    static final InetAddress ANY = SockAddr.address(new byte[4]);
    static final InetAddress ANY_SIX = SockAddr.address(new byte[16]);

    /// The pod's own address, the same in every pod: nobody else can see it.
    static final InetAddress OWN = SockAddr.address(new byte[] {10, 0, 2, 15});

    final BufferBudget buffers = new BufferBudget(BUFFERS);
    final PortTable<TcpSocket> tcp = new PortTable<>();
    final PortTable<UdpSocket> udp = new PortTable<>();
    final UnixNames unix = new UnixNames();
    final AtomicInteger filesInFlight = new AtomicInteger();
    final HostSelector selector;
    final Resolver resolver;

    private final PodContext pod;
    private final GuestPorts guestPorts;
    private final UnaryOperator<InetSocketAddress> route;
    private final Map<Integer, Listener.Port> announced = new HashMap<>();
    private final AtomicLong inodes = new AtomicLong(1);
    private final AtomicInteger sockets = new AtomicInteger();
    private boolean closed;

    /// @param route where an address outside is really connected to; the identity but in tests
    PodNetwork(
            PodContext pod,
            GuestPorts guestPorts,
            HostSelector selector,
            UnaryOperator<InetSocketAddress> route) {
        this.pod = pod;
        this.guestPorts = guestPorts;
        this.selector = selector;
        this.route = route;
        this.resolver = new Resolver(pod);
    }

    String podName() {
        return pod.name();
    }

    List<PortalRule> portalRules() {
        return pod.portals();
    }

    /// Counts a new socket.
    ///
    /// @return its inode number
    /// @throws podium.syscall.ErrnoException `ENFILE`
    long opened() {
        if (sockets.incrementAndGet() > SOCKETS) {
            sockets.decrementAndGet();
            throw Errno.ENFILE.exception();
        }
        return inodes.getAndIncrement();
    }

    void closedOne() {
        sockets.decrementAndGet();
    }

    /// Whether an address is the pod itself.
    static boolean local(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress() || address.equals(OWN);
    }

    /// What a destination means: the wildcard is the pod itself.
    static InetAddress destination(InetAddress address) {
        if (!address.isAnyLocalAddress()) return address;
        return address instanceof Inet4Address ? LOOPBACK : LOOPBACK_SIX;
    }

    /// The near end's address of a connection from inside.
    static InetAddress source(InetAddress destination) {
        if (destination instanceof Inet6Address) return LOOPBACK_SIX;
        return destination.isLoopbackAddress() ? LOOPBACK : OWN;
    }

    /// Judges a destination outside.
    ///
    /// A pod that is granted nothing has no route: `ENETUNREACH`. A destination that no rule allows
    /// is `EACCES`, as a prohibiting route gives (ip-route(8)); both at once, not after a time-out.
    ///
    /// @return where to connect to
    InetSocketAddress outside(InetAddress address, int port) {
        var grants = pod.network();
        if (grants.rules().isEmpty()) throw Errno.ENETUNREACH.exception();
        if (!grants.allows(address, port)) throw Errno.EACCES.exception();
        return route.apply(new InetSocketAddress(address, port));
    }

    /// Whether a datagram from outside may come in.
    boolean admits(InetAddress address, int port) {
        return pod.network().allows(address, port);
    }

    /// The listener that takes a connection to an address. Guarded by this.
    @Nullable Listener listener(InetAddress to, int port, SocketName.Inet from) {
        var socket = tcp.find(to, port, from);
        return socket == null ? null : socket.listener();
    }

    /// A socket began to listen. Guarded by this; [#tell()] follows.
    void listening(int port) {
        announced.computeIfAbsent(
                port,
                _ -> {
                    var made = new Listener.Port(this, port);
                    guestPorts.opened(made);
                    return made;
                });
    }

    /// A socket ended to listen. Guarded by this; [#tell()] follows.
    void listeningEnded(int port) {
        for (var socket : tcp.at(port)) if (socket.listens()) return;
        var gone = announced.remove(port);
        if (gone != null) guestPorts.closed(gone);
    }

    /// Delivers what happened to listening ports. Called with no lock held.
    void tell() {
        guestPorts.tell();
    }

    Connection connectFromHost(Listener.Port port, InetSocketAddress peer) throws IOException {
        var waiters = new WaitQueue();
        synchronized (this) {
            if (announced.get(port.port()) != port)
                throw new IOException(port + ": nobody listens there any more");
            for (var socket : tcp.at(port.port())) {
                var listener = socket.listener();
                if (listener == null || listener.full()) continue;
                var seen = visible(peer, socket.domain);
                var local = socket.localAddress();
                var at = local.isAnyLocalAddress() ? OWN : local;
                var name = new SocketName.Inet(socket.domain, at, port.port());
                var end = listener.arrive(waiters, name, seen);
                socket.waiters.wake(podium.syscall.Pollable.IN);
                return new HostConnection(end, waiters);
            }
        }
        throw new IOException(port + ": the guest does not accept connections fast enough");
    }

    /// An AF_INET socket cannot show an IPv6 peer; it sees the loopback address instead.
    private static SocketName.Inet visible(InetSocketAddress peer, int domain) {
        var address = peer.getAddress();
        if (address == null
                || (domain == SocketConstants.AF_INET && address instanceof Inet6Address))
            address = LOOPBACK;
        return new SocketName.Inet(domain, address, peer.getPort());
    }

    /// The pod ends: its ports are closed. Its sockets close with their processes.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            announced.values().forEach(guestPorts::closed);
            announced.clear();
        }
        resolver.close();
        tell();
    }

    /// Guarded by this.
    boolean closed() {
        return closed;
    }
}
