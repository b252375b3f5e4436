package podium.portal.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.service.IoProcessor;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One bound port of the host, and who is reached there by which name. It is bound as long as it
/// has
/// a route.
final class Endpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final AttributeKey CONNECTION = new AttributeKey(Endpoint.class, "connection");
    private static final int BACKLOG = 512;

    private final HttpConfig config;
    private final Executor pumps;
    private final Consumer<Endpoint> unused;
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final NioSocketAcceptor acceptor;
    private final ScheduledFuture<?> ticker;
    private final int port;

    /// Routes, and portals being made. Guarded by the transport.
    int users;

    /// Binds.
    ///
    /// @param unused called for each route that is closed
    /// @throws IOException one line for people
    Endpoint(
            HttpConfig config,
            Options options,
            IoProcessor<NioSession> processors,
            Executor pumps,
            ScheduledExecutorService clock,
            Consumer<Endpoint> unused)
            throws IOException {
        this.config = config;
        this.pumps = pumps;
        this.unused = unused;
        var address = address(options);
        acceptor = new NioSocketAcceptor(processors);
        try {
            acceptor.setReuseAddress(true);
            acceptor.setBacklog(BACKLOG);
            acceptor.setCloseOnDeactivation(false);
            acceptor.getSessionConfig().setTcpNoDelay(true);
            acceptor.setHandler(new Handler());
            acceptor.bind(address);
        } catch (IOException e) {
            acceptor.dispose();
            throw new IOException(
                    "cannot bind " + options.host() + ":" + options.port() + ": " + reason(e), e);
        }
        port = acceptor.getLocalAddress().getPort();
        ticker = clock.scheduleWithFixedDelay(this::tick, 500, 500, TimeUnit.MILLISECONDS);
    }

    private static InetSocketAddress address(Options options) throws IOException {
        try {
            return new InetSocketAddress(InetAddress.getByName(options.host()), options.port());
        } catch (UnknownHostException e) {
            throw new IOException("no such host address: " + options.host(), e);
        }
    }

    /// In a line: the acceptor tells of the same in two.
    private static String reason(IOException e) {
        var message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        return message.contains("in use") ? "the port is in use" : message;
    }

    int port() {
        return port;
    }

    /// Frees the port, and ends the clients' connections, which no route uses any more.
    void close() {
        ticker.cancel(false);
        acceptor.unbind();
        for (var session : acceptor.getManagedSessions().values()) session.closeOnFlush();
        acceptor.dispose();
    }

    /// A route is closed; to be called last.
    void release() {
        unused.accept(this);
    }

    /// @return false when the name is taken
    boolean add(Route route) {
        return routes.putIfAbsent(route.name, route) == null;
    }

    void remove(Route route) {
        routes.remove(route.name, route);
    }

    @Nullable Route route(String host) {
        return routes.get(host);
    }

    HttpConfig config() {
        return config;
    }

    private void tick() {
        long now = System.nanoTime();
        for (var session : acceptor.getManagedSessions().values())
            if (session.getAttribute(CONNECTION) instanceof HttpConnection connection)
                connection.tick(now);
    }

    private final class Handler extends IoHandlerAdapter {

        @Override
        public void sessionOpened(IoSession session) {
            if (acceptor.getManagedSessionCount() > config.connections()) {
                LOG.debug("port {} has its {} connections", port, config.connections());
                session.closeNow();
                return;
            }
            session.setAttribute(
                    CONNECTION, new HttpConnection(Endpoint.this, new Client(session), pumps));
        }

        @Override
        public void messageReceived(IoSession session, Object message) {
            if (session.getAttribute(CONNECTION) instanceof HttpConnection connection) {
                connection.client.received((IoBuffer) message);
                connection.changed();
            }
        }

        @Override
        public void messageSent(IoSession session, Object message) {
            if (session.getAttribute(CONNECTION) instanceof HttpConnection connection)
                connection.sent();
        }

        @Override
        public void inputClosed(IoSession session) {
            if (session.getAttribute(CONNECTION) instanceof HttpConnection connection) {
                connection.client.inputClosed();
                connection.changed();
            } else {
                session.closeNow();
            }
        }

        @Override
        public void exceptionCaught(IoSession session, Throwable cause) {
            LOG.debug("a client's connection failed", cause);
            session.closeNow();
        }

        @Override
        public void sessionClosed(IoSession session) {
            if (session.getAttribute(CONNECTION) instanceof HttpConnection connection)
                connection.clientClosed();
        }
    }
}
