package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_UNSPEC;
import static podium.syscall.net.SocketConstants.SOCK_SEQPACKET;

import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.syscall.WaitQueue;

/// unix(7) of type SOCK_DGRAM and SOCK_SEQPACKET: messages with their boundaries, delivered
/// reliably and in order.
final class UnixDatagramSocket extends UnixSocket {

    private final DatagramQueue queue;
    private volatile @Nullable UnixDatagramSocket peer;
    private volatile boolean receiveShut;
    private volatile boolean sendShut;
    private volatile boolean peerGone;
    private volatile boolean over;

    UnixDatagramSocket(PodNetwork network, int type) {
        super(network, type, new WaitQueue());
        queue = new DatagramQueue(network.buffers, SocketOptions.DEFAULT_BUFFER);
    }

    /// socketpair(2).
    static UnixDatagramSocket[] pair(PodNetwork network, int type, Message.Sender maker) {
        var a = new UnixDatagramSocket(network, type);
        var b = new UnixDatagramSocket(network, type);
        a.peer = b;
        b.peer = a;
        a.peerSender = b.peerSender = maker;
        return new UnixDatagramSocket[] {a, b};
    }

    private boolean sequenced() {
        return type == SOCK_SEQPACKET;
    }

    @Override
    boolean paired() {
        return peer != null;
    }

    @Override
    void listen(Task task, int limit) {
        if (!sequenced()) throw Errno.EOPNOTSUPP.exception();
        super.listen(task, limit);
    }

    @Override
    @Nullable Socket accept() {
        if (!sequenced()) throw Errno.EOPNOTSUPP.exception();
        return super.accept();
    }

    @Override
    int connect(Task task, SocketName to, boolean wait) {
        if (to.family() == AF_UNSPEC && !sequenced()) {
            peer = null;
            return 0;
        }
        if (to.family() != SocketConstants.AF_UNIX) return Errno.EINVAL.negated();
        var key = key(task, to);
        UnixDatagramSocket server;
        synchronized (network) {
            server = (UnixDatagramSocket) find(key);
            if (!sequenced()) {
                peer = server;
                return 0;
            }
            int refused = reach(server);
            if (refused != 0) return refused;
            if (listening()) return Errno.EINVAL.negated();
            if (peer != null) return Errno.EISCONN.negated();
            var accepted = new UnixDatagramSocket(network, type);
            accepted.name = server.name;
            accepted.peer = this;
            accepted.peerSender = Message.Sender.of(task);
            peer = accepted;
            peerSender = server.peerSender;
            server.arrived(accepted);
        }
        server.waiters.wake(Pollable.IN);
        return 0;
    }

    @Override
    boolean full() {
        return !over && (listening() ? super.full() : queue.full());
    }

    @Override
    SocketName peerName() {
        var connected = peer;
        if (connected == null) throw Errno.ENOTCONN.exception();
        return connected.name;
    }

    @Override
    public void shutdown(boolean receive, boolean send) {
        var connected = peer;
        if (sequenced() && connected == null) throw Errno.ENOTCONN.exception();
        if (receive) receiveShut = true;
        if (send) sendShut = true;
        waiters.wake(IN | OUT | HUP);
        if (connected != null) connected.waiters.wake(IN | OUT | RDHUP);
    }

    @Override
    int send(Message message) {
        if (sendShut || (sequenced() && peerGone)) return Errno.EPIPE.negated();
        var target = target(message);
        if (target == null) return (sequenced() ? Errno.ENOTCONN : Errno.EDESTADDRREQ).negated();
        if (target.over) return gone(message);
        if (target.receiveShut) return Errno.EPIPE.negated();
        // A connected datagram socket hears its peer alone.
        if (target.peer != null && target.peer != this) return Errno.EPERM.negated();
        if (message.remaining() > sendLimit()) return Errno.EMSGSIZE.negated();
        if (target.queue.full()) {
            waitsFor = target;
            return Errno.EAGAIN.negated();
        }
        var bytes = message.gather();
        var from = name == UNNAMED ? null : name;
        var datagram = new DatagramQueue.Datagram(bytes, from, message.rights, message.sender);
        if (!target.queue.offer(datagram)) return Errno.ENOBUFS.negated();
        message.rights = null;
        target.waiters.wake(IN);
        return bytes.length;
    }

    private int gone(Message message) {
        if (message.name == null) peer = null;
        return (sequenced() ? Errno.EPIPE : Errno.ECONNREFUSED).negated();
    }

    private int sendLimit() {
        return options.sendBuffer > 0 ? options.sendBuffer : SocketOptions.DEFAULT_BUFFER;
    }

    private @Nullable UnixDatagramSocket target(Message message) {
        if (message.name == null) return peer;
        if (sequenced()) return peer;
        var key = key(message.task, message.name);
        synchronized (network) {
            return (UnixDatagramSocket) find(key);
        }
    }

    @Override
    int receive(Message message) {
        if (sequenced() && peer == null && !peerGone) return Errno.ENOTCONN.negated();
        var datagram = queue.next(message);
        if (datagram == null) {
            var failed = takeError();
            if (failed != null) return failed.negated();
            return ended() ? 0 : Errno.EAGAIN.negated();
        }
        message.name = datagram.from();
        message.sender = datagram.sender();
        if (!message.peek()) {
            message.rights = datagram.rights();
            roomWaiters.wake(OUT);
            var sender = peer;
            if (sender != null) sender.waiters.wake(OUT);
        }
        if (sequenced()) message.resultFlags |= SocketConstants.MSG_EOR;
        return message.scatter(datagram.bytes());
    }

    private boolean ended() {
        var other = peer;
        return receiveShut || (sequenced() && (peerGone || (other != null && other.sendShut)));
    }

    @Override
    int available() {
        return queue.available();
    }

    @Override
    public int readiness() {
        if (listening()) return hasArrived() ? IN : 0;
        int ready = 0;
        var other = peer;
        boolean ended = ended();
        if (!queue.isEmpty()) ready |= IN;
        if (ended) ready |= IN | RDHUP;
        if (ended && (sendShut || peerGone)) ready |= HUP;
        if (error != null) ready |= ERR;
        if (other == null || other.over || !other.queue.full()) ready |= OUT;
        return ready;
    }

    @Override
    protected void closed() {
        unbind();
        over = true;
        endListening().forEach(Socket::release);
        boolean unread = !queue.isEmpty();
        queue.close();
        var other = peer;
        if (other != null && other.peer == this) {
            if (sequenced() && unread) other.error = Errno.ECONNRESET;
            other.peerGone = true;
            other.waiters.wake(IN | OUT | HUP | RDHUP);
        }
        roomWaiters.wake(OUT);
        network.closedOne();
        waiters.wake(HUP);
    }
}
