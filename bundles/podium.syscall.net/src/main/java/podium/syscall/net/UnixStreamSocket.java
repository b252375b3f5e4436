package podium.syscall.net;

import static podium.syscall.net.SocketConstants.SOCK_STREAM;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.syscall.WaitQueue;

/// unix(7) of type SOCK_STREAM.
final class UnixStreamSocket extends UnixSocket {

    private volatile @Nullable StreamEnd stream;
    private volatile SocketName peerName = UNNAMED;

    UnixStreamSocket(PodNetwork network) {
        this(network, new WaitQueue());
    }

    private UnixStreamSocket(PodNetwork network, WaitQueue waiters) {
        super(network, SOCK_STREAM, waiters);
    }

    /// socketpair(2).
    static UnixStreamSocket[] pair(PodNetwork network, Message.Sender maker) {
        var a = new UnixStreamSocket(network);
        var b = new UnixStreamSocket(network);
        var end = StreamEnd.pair(network.buffers, a.waiters, b.waiters, false);
        a.stream = end;
        b.stream = end.other();
        a.peerSender = b.peerSender = maker;
        return new UnixStreamSocket[] {a, b};
    }

    @Override
    boolean paired() {
        return stream != null;
    }

    @Override
    int connect(Task task, SocketName to, boolean wait) {
        if (to.family() != SocketConstants.AF_UNIX) return Errno.EINVAL.negated();
        var key = key(task, to);
        UnixSocket server;
        synchronized (network) {
            server = find(key);
            int refused = reach(server);
            if (refused != 0) return refused;
            if (listening()) return Errno.EINVAL.negated();
            if (stream != null) return Errno.EISCONN.negated();
            establish(task, server);
        }
        server.waiters.wake(Pollable.IN);
        return 0;
    }

    /// Guarded by the network.
    private void establish(Task task, UnixSocket server) {
        var accepted = new UnixStreamSocket(network);
        accepted.options.inherit(server.options);
        accepted.options.passCredentials = server.options.passCredentials;
        var end = StreamEnd.pair(network.buffers, waiters, accepted.waiters, false);
        stream = end;
        peerName = server.name;
        peerSender = server.peerSender;
        accepted.stream = end.other();
        accepted.name = server.name;
        accepted.peerName = name;
        accepted.peerSender = Message.Sender.of(task);
        server.arrived(accepted);
    }

    @Override
    SocketName peerName() {
        if (stream == null) throw Errno.ENOTCONN.exception();
        return peerName;
    }

    @Override
    public void shutdown(boolean receive, boolean send) {
        var connected = stream;
        if (connected == null) throw Errno.ENOTCONN.exception();
        connected.shutdown(receive, send);
    }

    @Override
    public int read(ByteBuffer into) {
        var connected = stream;
        return connected == null ? Errno.EINVAL.negated() : connected.read(into);
    }

    @Override
    public int write(ByteBuffer from) {
        var connected = stream;
        return connected == null ? Errno.ENOTCONN.negated() : connected.write(from);
    }

    @Override
    int send(Message message) {
        if ((message.flags & SocketConstants.MSG_OOB) != 0) return Errno.EOPNOTSUPP.negated();
        var connected = stream;
        if (connected == null) return Errno.ENOTCONN.negated();
        if (message.name != null) return Errno.EISCONN.negated();
        return Streams.write(
                buffer -> {
                    int n = connected.write(buffer, message.rights);
                    if (n > 0) message.rights = null;
                    return n;
                },
                message);
    }

    @Override
    int receive(Message message) {
        var connected = stream;
        if (connected == null) return Errno.EINVAL.negated();
        message.sender = peerSender;
        if (message.peek()) return Streams.peek(connected, message);
        return Streams.read(connected, buffer -> connected.read(buffer, message), message);
    }

    @Override
    @Nullable Errno takeError() {
        var connected = stream;
        return connected == null ? null : connected.takeError();
    }

    @Override
    @Nullable Duplex stream() {
        return stream;
    }

    @Override
    int available() {
        if (listening()) throw Errno.EINVAL.exception();
        var connected = stream;
        return connected == null ? 0 : connected.available();
    }

    @Override
    void optionChanged(int level, int option) {
        var connected = stream;
        if (connected != null
                && level == SocketConstants.SOL_SOCKET
                && option == OptionCalls.SO_SNDBUF) connected.setLimits(0, options.sendBuffer);
    }

    @Override
    public int readiness() {
        var connected = stream;
        if (connected != null) return connected.readiness();
        if (listening()) return hasArrived() ? IN : 0;
        return OUT | HUP;
    }

    @Override
    protected void closed() {
        unbind();
        for (var dropped : endListening()) {
            var end = ((UnixStreamSocket) dropped).stream;
            if (end != null) end.close(true);
            dropped.release();
        }
        roomWaiters.wake(OUT);
        var connected = stream;
        if (connected != null) connected.close(false);
        network.closedOne();
        waiters.wake(HUP);
    }
}
