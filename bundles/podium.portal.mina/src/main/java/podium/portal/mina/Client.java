package podium.portal.mina;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.apache.mina.core.RuntimeIoException;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.future.WriteFuture;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.SocketSessionConfig;
import org.apache.mina.transport.socket.nio.NioSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's side of a connection: what came from the network and waits for the guest, and how
/// much more the network takes. Both are bounded. One thread at a time takes and writes.
public final class Client {

    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    /// Bytes waiting for the guest above which nothing more is read from the network.
    private static final int INBOX = 128 << 10;

    /// Bytes waiting for the network above which nothing more is read from the guest.
    private static final int OUTBOX = 256 << 10;

    private final IoSession session;
    private final ArrayDeque<IoBuffer> inbox = new ArrayDeque<>();
    private volatile @Nullable ClientHandler handler; // null for one that is refused
    private int waiting;
    private boolean ended;
    private @Nullable WriteFuture lastWrite;

    Client(IoSession session) {
        this.session = session;
    }

    void handledBy(ClientHandler handler) {
        this.handler = handler;
    }

    void withHandler(Consumer<ClientHandler> action) {
        var there = handler;
        if (there != null) action.accept(there);
    }

    /// Called, like the next ones, by the network's thread.
    void received(IoBuffer bytes) {
        var there = handler;
        if (there == null) return;
        synchronized (this) {
            inbox.add(bytes);
            waiting += bytes.remaining();
            if (waiting > INBOX) session.suspendRead();
        }
        there.changed();
    }

    void sent() {
        withHandler(ClientHandler::sent);
    }

    /// The client sends no more.
    void inputClosed() {
        var there = handler;
        if (there == null) {
            session.closeNow();
            return;
        }
        synchronized (this) {
            ended = true;
            // The end of the stream stays readable, and the selector would not rest.
            session.suspendRead();
        }
        there.changed();
    }

    void closed() {
        withHandler(ClientHandler::closed);
    }

    /// Who it is, as the host sees it.
    public InetSocketAddress address() {
        return (InetSocketAddress) session.getRemoteAddress();
    }

    /// The oldest bytes that wait, or null.
    public synchronized @Nullable ByteBuffer head() {
        var first = inbox.peek();
        return first == null ? null : first.buf();
    }

    /// Tells that some of the oldest bytes were taken.
    public synchronized void taken(int bytes) {
        waiting -= bytes;
        var first = inbox.peek();
        if (first != null && !first.hasRemaining()) inbox.poll();
        if (!ended && waiting <= INBOX / 2 && session.isReadSuspended()) resumeRead();
    }

    /// MINA does not wake its selector for this, which would then look up to a second later; a
    /// flush
    /// does, even of nothing.
    private void resumeRead() {
        session.resumeRead();
        if (session instanceof NioSession nio) nio.getProcessor().flush(nio);
    }

    /// Whether the client has ended its side and all it sent was taken.
    public synchronized boolean ended() {
        return ended && inbox.isEmpty();
    }

    /// Whether the network takes more; [ClientHandler#sent] says when to look again.
    public boolean writable() {
        return session.getScheduledWriteBytes() < OUTBOX;
    }

    /// Has bytes sent, which nobody changes any more.
    public void write(IoBuffer bytes) {
        lastWrite = session.write(bytes);
    }

    /// Ends the host's side when all that was written is on its way.
    public void shutdownOutput() {
        var last = lastWrite;
        if (last == null) shutdownNow();
        else last.addListener(_ -> shutdownNow());
    }

    private void shutdownNow() {
        try {
            if (session instanceof NioSession nio
                    && nio.getChannel() instanceof SocketChannel channel
                    && channel.isOpen()) channel.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("the client has gone", e);
            session.closeNow();
        }
    }

    /// Ends the connection when it has carried nothing for as long.
    public void closeWhenIdle(int seconds) {
        session.getConfig().setIdleTime(IdleStatus.BOTH_IDLE, seconds);
    }

    /// Ends the connection when all that was written is on its way.
    public void closeOnFlush() {
        session.closeOnFlush();
    }

    /// Ends the connection; what was written may be lost.
    public void closeNow() {
        session.closeNow();
    }

    /// Resets the connection. Never fails: one that has just ended needs no reset.
    public void abort() {
        try {
            if (session.getConfig() instanceof SocketSessionConfig config && session.isActive())
                config.setSoLinger(0);
        } catch (RuntimeIoException e) {
            LOG.debug("the client has gone", e);
        }
        session.closeNow();
    }
}
