package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_INET;

import java.net.Inet4Address;
import java.net.InetAddress;
import podium.syscall.Errno;
import podium.syscall.Process;
import podium.syscall.Task;
import podium.syscall.WaitQueue;

/// ip(7), ipv6(7): the local name, which tcp(7) and udp(7) sockets have alike.
abstract sealed class InetSocket extends Socket implements PortTable.Bound
        permits TcpSocket, UdpSocket {

    /// What the port table is asked for: the wildcard before bind(2). Guarded, as the rest, by the
    /// network.
    volatile InetAddress address;

    int port;

    /// Whether it has an entry in the port table.
    boolean bound;

    InetSocket(PodNetwork network, int domain, int type, int protocol, WaitQueue waiters) {
        super(network, domain, type, protocol, waiters);
        address = wildcard();
    }

    final InetAddress wildcard() {
        return domain == AF_INET ? PodNetwork.ANY : PodNetwork.ANY_SIX;
    }

    /// Enters it into the port table of its protocol.
    ///
    /// @return the port
    abstract int enter(int wanted);

    @Override
    final void bind(Task task, SocketName name) {
        bind(task.process(), name);
    }

    /// bind(2), with the rights of a process.
    final void bind(Process process, SocketName name) {
        var wanted = InetNames.checkBind(process, name, this);
        synchronized (network) {
            if (!mayBind()) throw Errno.EINVAL.exception();
            bindNow(wanted.address(), wanted.port());
        }
    }

    /// Whether it has no name yet.
    boolean mayBind() {
        return !bound;
    }

    /// Guarded by the network.
    final void bindNow(InetAddress to, int wanted) {
        var before = address;
        address = to;
        try {
            port = enter(wanted);
            bound = true;
        } finally {
            if (!bound) address = before;
        }
    }

    /// What a peer sees as this end's address.
    final InetAddress sourceFor(InetAddress to) {
        if (!address.isAnyLocalAddress()) return address;
        if (PodNetwork.local(to)) return PodNetwork.source(to);
        // The host's own addresses are none of the guest's business.
        return to instanceof Inet4Address ? PodNetwork.OWN : PodNetwork.ANY_SIX;
    }

    @Override
    public final byte[] freeze() {
        synchronized (network) {
            return FrozenSocket.of(this).toBytes();
        }
    }

    @Override
    public final InetAddress localAddress() {
        return address;
    }

    @Override
    public final boolean dualStack() {
        return domain != AF_INET && !options.onlySix;
    }

    @Override
    public final SocketOptions boundOptions() {
        return options;
    }
}
