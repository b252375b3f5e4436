package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_UNSPEC;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.syscall.WaitQueue;

/// tcp(7). Its set-up is guarded by the network; once it is connected, the connection does the
/// work.
final class TcpSocket extends InetSocket {

    private SocketName.@Nullable Inet peer;
    private volatile @Nullable Listener listener;

    /// Where a connecting socket waits for a place.
    private @Nullable Listener waitsAt;

    private volatile @Nullable Duplex stream;

    /// A connect(2) whose outcome has not been reported yet.
    private boolean connecting;

    private boolean over;

    TcpSocket(PodNetwork network, int domain) {
        super(
                network,
                domain,
                SocketConstants.SOCK_STREAM,
                SocketConstants.IPPROTO_TCP,
                new WaitQueue());
    }

    /// An accepted connection.
    private TcpSocket(TcpSocket from, Listener.Arrived arrived) {
        super(from.network, from.domain, from.type, from.protocol, arrived.waiters());
        options.inherit(from.options);
        address = arrived.local().address();
        port = arrived.local().port();
        peer = arrived.peer();
        stream = arrived.end();
        if (options.receiveBuffer > 0 || options.sendBuffer > 0)
            arrived.end().setLimits(options.receiveBuffer, options.sendBuffer);
    }

    @Override
    int enter(int wanted) {
        return network.tcp.bind(this, wanted);
    }

    @Override
    boolean mayBind() {
        return !bound && peer == null && !connecting;
    }

    @Override
    void listen(Task task, int backlog) {
        listen(backlog);
    }

    void listen(int backlog) {
        synchronized (network) {
            var listening = listener;
            if (listening != null) {
                listening.setBacklog(backlog);
                return;
            }
            if (peer != null || connecting || over || network.closed())
                throw Errno.EINVAL.exception();
            if (!bound) bindNow(address, 0);
            var made = new Listener(this, backlog);
            listener = made;
            try {
                network.tcp.check(this, port);
            } catch (podium.syscall.ErrnoException e) {
                listener = null;
                throw e;
            }
            network.listening(port);
        }
        network.tell();
    }

    @Override
    @Nullable Socket accept() {
        synchronized (network) {
            var listening = listener;
            if (listening == null) throw Errno.EINVAL.exception();
            var arrived = listening.take();
            if (arrived == null) return null;
            try {
                return new TcpSocket(this, arrived);
            } catch (podium.syscall.ErrnoException e) {
                listening.putBack(arrived);
                throw e;
            }
        }
    }

    @Override
    void unaccept(Socket socket) {
        var back = (TcpSocket) socket;
        synchronized (network) {
            var listening = listener;
            if (listening == null || !(back.stream instanceof StreamEnd end) || back.peer == null)
                return;
            back.stream = null;
            listening.putBack(
                    new Listener.Arrived(
                            end, back.waiters, (SocketName.Inet) back.localName(), back.peer));
        }
    }

    @Override
    int connect(Task task, SocketName name, boolean wait) {
        if (name.family() == AF_UNSPEC) return disconnect();
        var to = InetNames.checkPeer(name, this);
        synchronized (network) {
            if (listener != null) return Errno.EISCONN.negated();
            if (connecting) return connectOutcome(wait);
            if (peer != null) return Errno.EISCONN.negated();
            if (over) return Errno.ECONNABORTED.negated();
            var address = PodNetwork.destination(to.address());
            begin(new SocketName.Inet(domain, address, to.port()));
            if (wait) return connectOutcome(true);
            return Errno.EINPROGRESS.negated();
        }
    }

    /// Begins to connect; it may be done at once. Guarded by the network.
    private void begin(SocketName.Inet to) {
        boolean outside = !PodNetwork.local(to.address());
        var place = outside ? network.outside(to.address(), to.port()) : null;
        if (port == 0) port = network.tcp.ephemeral();
        address = sourceFor(to.address());
        peer = to;
        connecting = true;
        error = null;
        if (place != null) {
            try {
                stream = new HostStream(network.selector, place, options, waiters);
            } catch (IOException e) {
                refused(HostStream.errno(e));
            }
            return;
        }
        var listening = network.listener(to.address(), to.port(), (SocketName.Inet) localName());
        if (listening == null) refused(Errno.ECONNREFUSED);
        else if (!listening.full()) establish(listening);
        else if (listening.await(this)) waitsAt = listening;
        else refused(Errno.ECONNREFUSED);
    }

    /// There is a place in a listener's queue. Guarded by the network.
    void establish(Listener listening) {
        waitsAt = null;
        var to = peer;
        if (to == null) return;
        var server = listening.socket;
        var seen = new SocketName.Inet(server.domain, to.address(), to.port());
        var end =
                listening.arrive(waiters, seen, new SocketName.Inet(server.domain, address, port));
        if (options.receiveBuffer > 0 || options.sendBuffer > 0)
            end.setLimits(options.receiveBuffer, options.sendBuffer);
        stream = end;
        server.waiters.wake(Pollable.IN);
        waiters.wake(Pollable.OUT);
    }

    /// Connecting failed. Guarded by the network.
    void refused(Errno errno) {
        waitsAt = null;
        error = errno;
        waiters.wake(Pollable.OUT | Pollable.ERR | Pollable.HUP);
    }

    /// Reports how connecting went, once. Guarded by the network.
    private int connectOutcome(boolean wait) {
        if (inProgress()) return (wait ? Errno.EAGAIN : Errno.EALREADY).negated();
        connecting = false;
        var failed = takeError();
        if (failed == null) {
            if (stream != null) return 0;
            failed = Errno.ECONNABORTED;
        }
        reset();
        return failed.negated();
    }

    private boolean inProgress() {
        return waitsAt != null || (stream instanceof HostStream host && host.connecting());
    }

    /// Back to unconnected, still bound. Guarded by the network.
    private void reset() {
        var ended = stream;
        stream = null;
        peer = null;
        if (ended != null) ended.close(true);
        if (!bound) {
            port = 0;
            address = wildcard();
        }
    }

    private int disconnect() {
        synchronized (network) {
            if (waitsAt != null) waitsAt.giveUp(this);
            waitsAt = null;
            connecting = false;
            error = null;
            reset();
        }
        return 0;
    }

    @Override
    SocketName localName() {
        return new SocketName.Inet(domain, address, port);
    }

    @Override
    SocketName peerName() {
        synchronized (network) {
            var name = peer;
            if (name == null || stream == null || inProgress()) throw Errno.ENOTCONN.exception();
            return name;
        }
    }

    @Override
    public void shutdown(boolean receive, boolean send) {
        boolean listened = false;
        var connected = stream;
        synchronized (network) {
            if (listener != null && receive) listened = endListening();
            else if (connected == null && listener == null) throw Errno.ENOTCONN.exception();
        }
        if (connected != null) connected.shutdown(receive, send);
        if (listened) {
            network.tell();
            waiters.wake(Pollable.IN | Pollable.HUP);
        }
    }

    /// Guarded by the network.
    private boolean endListening() {
        var listening = listener;
        if (listening == null) return false;
        listener = null;
        listening.close();
        network.listeningEnded(port);
        return true;
    }

    @Override
    protected void closed() {
        boolean listened;
        Duplex connected;
        synchronized (network) {
            over = true;
            listened = endListening();
            if (bound) network.tcp.remove(this, port);
            bound = false;
            if (waitsAt != null) waitsAt.giveUp(this);
            waitsAt = null;
            connected = stream;
        }
        if (connected != null) connected.close(options.linger == 0);
        network.closedOne();
        if (listened) network.tell();
        waiters.wake(Pollable.HUP);
    }

    @Override
    public int read(ByteBuffer into) {
        var connected = stream;
        if (connected == null) return into.hasRemaining() ? notConnected().negated() : 0;
        return connected.read(into);
    }

    @Override
    public int write(ByteBuffer from) {
        var connected = stream;
        if (connected != null) return connected.write(from);
        var errno = notConnected();
        return (errno == Errno.ENOTCONN ? Errno.EPIPE : errno).negated();
    }

    /// Why a transfer cannot be, before a connection or after a failed one.
    private Errno notConnected() {
        var failed = takeError();
        if (failed != null) return failed;
        return waitsAt != null ? Errno.EAGAIN : Errno.ENOTCONN;
    }

    @Override
    int send(Message message) {
        if ((message.flags & SocketConstants.MSG_OOB) != 0) return Errno.EOPNOTSUPP.negated();
        return Streams.write(this::write, message);
    }

    @Override
    int receive(Message message) {
        if ((message.flags & SocketConstants.MSG_OOB) != 0) return Errno.EINVAL.negated();
        var connected = stream;
        if (connected == null) return notConnected().negated();
        return message.peek()
                ? Streams.peek(connected, message)
                : Streams.read(connected, connected::read, message);
    }

    @Override
    @Nullable Errno takeError() {
        var taken = super.takeError();
        var connected = stream;
        return taken != null || connected == null ? taken : connected.takeError();
    }

    @Override
    boolean listening() {
        return listener != null;
    }

    @Override
    @Nullable Duplex stream() {
        return stream;
    }

    @Override
    int available() {
        if (listener != null) throw Errno.EINVAL.exception();
        var connected = stream;
        return connected == null ? 0 : connected.available();
    }

    @Override
    void optionChanged(int level, int name) {
        var connected = stream;
        if (connected == null) return;
        if (level == SocketConstants.SOL_SOCKET
                && (name == OptionCalls.SO_RCVBUF || name == OptionCalls.SO_SNDBUF))
            connected.setLimits(options.receiveBuffer, options.sendBuffer);
        else if (connected instanceof HostStream host) host.apply(options);
    }

    @Override
    public int readiness() {
        var listening = listener;
        if (listening != null)
            synchronized (network) {
                return listening.hasArrived() ? IN : 0;
            }
        var connected = stream;
        if (connected == null) {
            if (error != null) return IN | OUT | ERR | HUP | RDHUP;
            return waitsAt != null ? 0 : OUT | HUP;
        }
        return connected instanceof HostStream host && host.connecting()
                ? 0
                : connected.readiness();
    }

    /// Whether it is a connection, or was to be one. Guarded by the network.
    boolean hasPeer() {
        return peer != null;
    }

    /// Its peer reset the connection, which is all there is left of it.
    void wasReset() {
        over = true;
        error = Errno.ECONNRESET;
    }

    @Nullable Listener listener() {
        return listener;
    }

    @Override
    public boolean listens() {
        return listener != null;
    }

    @Override
    public boolean accepts(SocketName.Inet from) {
        return listener != null;
    }
}
