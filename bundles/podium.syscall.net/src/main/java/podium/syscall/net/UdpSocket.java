package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_UNSPEC;
import static podium.syscall.net.SocketConstants.IPPROTO_UDP;
import static podium.syscall.net.SocketConstants.SOCK_DGRAM;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.syscall.WaitQueue;

/// udp(7). Names are guarded by the network.
final class UdpSocket extends InetSocket {

    /// The largest payload over IPv4.
    private static final int MAX_DATAGRAM = 65_507;

    private final DatagramQueue queue;
    private volatile SocketName.@Nullable Inet peer;
    private boolean receiveShut;
    private boolean sendShut;
    private @Nullable HostDatagrams outside;

    UdpSocket(PodNetwork network, int domain) {
        super(network, domain, SOCK_DGRAM, IPPROTO_UDP, new WaitQueue());
        queue = new DatagramQueue(network.buffers, SocketOptions.DEFAULT_BUFFER);
    }

    @Override
    int enter(int wanted) {
        return network.udp.bind(this, wanted);
    }

    @Override
    int connect(Task task, SocketName name, boolean wait) {
        if (name.family() == AF_UNSPEC) {
            peer = null;
            return 0;
        }
        var to = InetNames.checkPeer(name, this);
        var ip = PodNetwork.destination(to.address());
        if (!PodNetwork.local(ip)) network.outside(ip, to.port());
        synchronized (network) {
            if (!bound) bindNow(address, 0);
            peer = new SocketName.Inet(domain, ip, to.port());
        }
        return 0;
    }

    @Override
    SocketName localName() {
        synchronized (network) {
            var connected = peer;
            var shown = address;
            if (connected != null && shown.isAnyLocalAddress())
                shown = sourceFor(connected.address());
            return new SocketName.Inet(domain, shown, port);
        }
    }

    @Override
    SocketName peerName() {
        var connected = peer;
        if (connected == null) throw Errno.ENOTCONN.exception();
        return connected;
    }

    @Override
    public void shutdown(boolean receive, boolean send) {
        if (peer == null) throw Errno.ENOTCONN.exception();
        if (receive) receiveShut = true;
        if (send) sendShut = true;
        waiters.wake(IN | OUT | HUP);
    }

    @Override
    int send(Message message) {
        var failed = takeError();
        if (failed != null) return failed.negated();
        if (sendShut) return Errno.EPIPE.negated();
        if (message.remaining() > MAX_DATAGRAM) return Errno.EMSGSIZE.negated();
        var to = message.name == null ? peer : InetNames.checkPeer(message.name, this);
        if (to == null) return Errno.EDESTADDRREQ.negated();
        var ip = PodNetwork.destination(to.address());
        if (to.port() == 0) return Errno.EINVAL.negated();
        synchronized (network) {
            if (!bound) bindNow(address, 0);
        }
        return PodNetwork.local(ip)
                ? sendInside(message, ip, to.port())
                : sendOutside(message, ip, to.port());
    }

    private int sendInside(Message message, InetAddress ip, int toPort) {
        var from = new SocketName.Inet(domain, sourceFor(ip), port);
        UdpSocket target;
        synchronized (network) {
            target = network.udp.find(ip, toPort, from);
        }
        var bytes = message.gather();
        if (target != null) target.arrived(bytes, from);
        else if (Resolver.serves(ip, toPort)) askResolver(bytes, ip, toPort);
        else if (peer != null) {
            error = Errno.ECONNREFUSED;
            waiters.wake(ERR);
        }
        return bytes.length;
    }

    private void askResolver(byte[] query, InetAddress ip, int toPort) {
        var from = new SocketName.Inet(domain, ip, toPort);
        network.resolver.answer(query, reply -> arrived(reply, from));
    }

    /// A datagram came in; without room it is lost, as UDP has it.
    void arrived(byte[] bytes, SocketName.Inet from) {
        if (!accepts(from)) return;
        var seen = new SocketName.Inet(domain, from.address(), from.port());
        if (queue.offer(new DatagramQueue.Datagram(bytes, seen, null, null)))
            waiters.wake(Pollable.IN);
    }

    private int sendOutside(Message message, InetAddress ip, int toPort) {
        if (broadcast(ip) && !options.broadcast) return Errno.EACCES.negated();
        var to = network.outside(ip, toPort);
        var bytes = ByteBuffer.wrap(message.gather());
        try {
            return outside().send(bytes, to, ip, toPort);
        } catch (IOException e) {
            return HostStream.errno(e).negated();
        }
    }

    private static boolean broadcast(InetAddress ip) {
        for (byte part : ip.getAddress()) if (part != -1) return false;
        return true;
    }

    private HostDatagrams outside() throws IOException {
        synchronized (network) {
            var channel = outside;
            if (channel == null) outside = channel = new HostDatagrams(this);
            return channel;
        }
    }

    @Override
    int receive(Message message) {
        var failed = takeError();
        if (failed != null) return failed.negated();
        var datagram = queue.next(message);
        if (datagram == null) return receiveShut ? 0 : Errno.EAGAIN.negated();
        message.name = datagram.from();
        return message.scatter(datagram.bytes());
    }

    @Override
    int available() {
        return queue.available();
    }

    @Override
    void optionChanged(int level, int name) {
        if (options.receiveBuffer > 0) queue.setLimit(options.receiveBuffer);
    }

    @Override
    public int readiness() {
        int ready = OUT;
        if (!queue.isEmpty()) ready |= IN;
        if (error != null) ready |= ERR;
        if (receiveShut) ready |= IN | RDHUP;
        if (receiveShut && sendShut) ready |= HUP;
        return ready;
    }

    @Override
    protected void closed() {
        HostDatagrams channel;
        synchronized (network) {
            if (bound) network.udp.remove(this, port);
            channel = outside;
        }
        if (channel != null) channel.close();
        queue.close();
        network.closedOne();
        waiters.wake(HUP);
    }

    @Override
    public boolean listens() {
        return false;
    }

    @Override
    public boolean accepts(SocketName.Inet from) {
        var connected = peer;
        return connected == null
                || (connected.port() == from.port() && connected.address().equals(from.address()));
    }
}
