package podium.portal.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.service.IoProcessor;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.portal.GuestPort;
import podium.portal.Portal;

/// One bound port of the host.
final class TcpPortal implements Portal {

    private static final Logger LOG = LoggerFactory.getLogger(TcpPortal.class);

    private static final AttributeKey BRIDGE = new AttributeKey(TcpPortal.class, "bridge");

    private static final int BACKLOG = 512;

    private final GuestPort port;
    private final Options options;
    private final Executor pumps;
    private final NioSocketAcceptor acceptor;
    private final URI uri;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder connections = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private boolean closed;

    TcpPortal(GuestPort port, Options options, IoProcessor<NioSession> processors, Executor pumps)
            throws IOException {
        this.port = port;
        this.options = options;
        this.pumps = pumps;
        var address = address(options);
        acceptor = new NioSocketAcceptor(processors);
        try {
            acceptor.setReuseAddress(true);
            acceptor.setBacklog(BACKLOG);
            acceptor.setCloseOnDeactivation(false);
            acceptor.getSessionConfig().setTcpNoDelay(true);
            if (options.idle() > 0)
                acceptor.getSessionConfig().setIdleTime(IdleStatus.BOTH_IDLE, options.idle());
            acceptor.setHandler(new Handler());
            acceptor.bind(address);
        } catch (IOException e) {
            acceptor.dispose();
            throw new IOException("cannot bind " + shown(address) + ": " + reason(e), e);
        }
        var bound = acceptor.getLocalAddress();
        uri = URI.create("tcp://" + shown(bound));
    }

    private static InetSocketAddress address(Options options) throws IOException {
        try {
            return new InetSocketAddress(InetAddress.getByName(options.host()), options.port());
        } catch (UnknownHostException e) {
            throw new IOException("no such host address: " + options.host(), e);
        }
    }

    private static String shown(InetSocketAddress address) {
        var text = address.getAddress().getHostAddress();
        return (text.contains(":") ? "[" + text + "]" : text) + ":" + address.getPort();
    }

    /// In a line: the acceptor tells of the same in two.
    private static String reason(IOException e) {
        var message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        return message.contains("in use") ? "the port is in use" : message;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public GuestPort port() {
        return port;
    }

    @Override
    public String scheme() {
        return "tcp";
    }

    @Override
    public Traffic traffic() {
        return new Traffic(open.get(), connections.sum(), received.sum(), sent.sum());
    }

    @Override
    public boolean close(Duration grace) {
        synchronized (this) {
            if (closed) return open.get() == 0;
            closed = true;
        }
        acceptor.unbind();
        boolean graceful = awaitEnd(grace);
        for (var session : acceptor.getManagedSessions().values()) session.closeNow();
        // Its sessions end on the shared processors; only the acceptor's own thread is waited for.
        acceptor.dispose();
        return graceful;
    }

    private boolean awaitEnd(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        synchronized (open) {
            try {
                for (long left; open.get() > 0 && (left = deadline - System.nanoTime()) > 0; )
                    open.wait(left / 1_000_000, (int) (left % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return open.get() == 0;
        }
    }

    private final class Handler extends IoHandlerAdapter {

        @Override
        public void sessionOpened(IoSession session) {
            connections.increment();
            var client = new Client(session);
            if (open.incrementAndGet() > options.connections()) {
                LOG.debug("{} has its {} connections", uri, options.connections());
                client.abort();
                return;
            }
            try {
                var guest = port.connect((InetSocketAddress) session.getRemoteAddress());
                session.setAttribute(BRIDGE, new Bridge(client, guest, pumps, received, sent));
            } catch (IOException e) {
                LOG.debug("the guest does not answer", e);
                client.abort();
            }
        }

        @Override
        public void messageReceived(IoSession session, Object message) {
            if (session.getAttribute(BRIDGE) instanceof Bridge bridge) {
                bridge.client.received((IoBuffer) message);
                bridge.changed();
            }
        }

        @Override
        public void messageSent(IoSession session, Object message) {
            if (session.getAttribute(BRIDGE) instanceof Bridge bridge) bridge.changed();
        }

        @Override
        public void inputClosed(IoSession session) {
            if (session.getAttribute(BRIDGE) instanceof Bridge bridge) {
                bridge.client.inputClosed();
                bridge.changed();
            } else {
                session.closeNow();
            }
        }

        @Override
        public void sessionIdle(IoSession session, IdleStatus status) {
            session.closeNow();
        }

        @Override
        public void exceptionCaught(IoSession session, Throwable cause) {
            LOG.debug("a client's connection failed", cause);
            session.closeNow();
        }

        @Override
        public void sessionClosed(IoSession session) {
            if (session.getAttribute(BRIDGE) instanceof Bridge bridge) bridge.clientClosed();
            synchronized (open) {
                open.decrementAndGet();
                open.notifyAll();
            }
        }
    }
}
