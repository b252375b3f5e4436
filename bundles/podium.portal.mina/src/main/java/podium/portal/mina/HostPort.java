package podium.portal.mina;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One bound TCP port of the host, and the clients that are connected to it. Thread-safe.
public final class HostPort {

    private static final Logger LOG = LoggerFactory.getLogger(HostPort.class);
    private static final AttributeKey CLIENT = new AttributeKey(HostPort.class, "client");
    private static final int BACKLOG = 512;

    private final int most;
    private final ClientHandler.Factory factory;
    private final NioSocketAcceptor acceptor;
    private final InetSocketAddress address;
    private final Underway open = new Underway();
    private final LongAdder connections = new LongAdder();

    /// Binds, and takes clients from then on.
    ///
    /// @param port 0 for a free one
    /// @param most how many clients at once; more are reset
    /// @throws IOException the address is unknown, in use or not ours; one line for people
    public HostPort(Network network, String host, int port, int most, ClientHandler.Factory factory)
            throws IOException {
        this.most = most;
        this.factory = factory;
        var wanted = resolve(host, port);
        acceptor = new NioSocketAcceptor(network.processors());
        try {
            acceptor.setReuseAddress(true);
            acceptor.setBacklog(BACKLOG);
            acceptor.setCloseOnDeactivation(false);
            acceptor.getSessionConfig().setTcpNoDelay(true);
            acceptor.setHandler(new Handler());
            acceptor.bind(wanted);
        } catch (IOException e) {
            acceptor.dispose();
            throw new IOException("cannot bind " + shown(wanted) + ": " + reason(e), e);
        }
        address = acceptor.getLocalAddress();
    }

    private static InetSocketAddress resolve(String host, int port) throws IOException {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IOException("no such host address: " + host, e);
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

    /// The bound port's number.
    public int number() {
        return address.getPort();
    }

    /// Address and port, as in a URI.
    public String authority() {
        return shown(address);
    }

    /// How many clients are connected.
    public int open() {
        return open.count();
    }

    /// How many clients were connected since the port was bound, those that were refused included.
    public long connections() {
        return connections.sum();
    }

    /// Calls back for each client that is connected, on this thread.
    public void forEach(Consumer<ClientHandler> action) {
        for (var session : acceptor.getManagedSessions().values())
            if (session.getAttribute(CLIENT) instanceof Client client) client.withHandler(action);
    }

    /// Frees the port, and cuts the clients that have not ended after the grace. To be called once.
    ///
    /// @return whether all of them ended by themselves
    public boolean close(Duration grace) {
        acceptor.unbind();
        boolean graceful = open.awaitEnd(grace);
        end(IoSession::closeNow);
        return graceful;
    }

    /// Frees the port, and ends each client when what was written to it is on its way. To be called
    /// once.
    public void closeOnFlush() {
        acceptor.unbind();
        end(IoSession::closeOnFlush);
    }

    /// The sessions end on the network's threads; only the acceptor's own is waited for.
    private void end(Consumer<IoSession> way) {
        acceptor.getManagedSessions().values().forEach(way);
        acceptor.dispose();
    }

    private static Client client(IoSession session) {
        return (Client) session.getAttribute(CLIENT);
    }

    private final class Handler extends IoHandlerAdapter {

        @Override
        public void sessionOpened(IoSession session) {
            var client = new Client(session);
            session.setAttribute(CLIENT, client);
            connections.increment();
            if (open.begins() > most) {
                LOG.debug("{} has its {} clients", address, most);
                client.abort();
                return;
            }
            try {
                client.handledBy(factory.accept(client));
            } catch (IOException e) {
                LOG.debug("the guest does not answer", e);
                client.abort();
            }
        }

        @Override
        public void messageReceived(IoSession session, Object message) {
            client(session).received((IoBuffer) message);
        }

        @Override
        public void messageSent(IoSession session, Object message) {
            client(session).sent();
        }

        @Override
        public void inputClosed(IoSession session) {
            client(session).inputClosed();
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
            if (!(session.getAttribute(CLIENT) instanceof Client client)) return; // never opened
            client.closed();
            open.ends();
        }
    }
}
