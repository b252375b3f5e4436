package podium.portal.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.future.WriteFuture;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's side of a connection: what came from the network and waits for the guest, and how
/// much more the network takes. Both are bounded.
final class Client {

    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    /// Bytes waiting for the guest above which nothing more is read from the network.
    private static final int INBOX = 128 << 10;

    /// Bytes waiting for the network above which nothing more is read from the guest.
    private static final int OUTBOX = 256 << 10;

    final IoSession session;
    private final ArrayDeque<IoBuffer> inbox = new ArrayDeque<>();
    private int waiting;
    private boolean ended;
    private @Nullable WriteFuture lastWrite;

    Client(IoSession session) {
        this.session = session;
    }

    /// Called by the network's thread.
    synchronized void received(IoBuffer bytes) {
        inbox.add(bytes);
        waiting += bytes.remaining();
        if (waiting > INBOX) session.suspendRead();
    }

    /// Called by the network's thread: the client sends no more.
    synchronized void inputClosed() {
        ended = true;
        // The end of the stream stays readable, and the selector would not rest.
        session.suspendRead();
    }

    /// The oldest bytes that wait, or null.
    synchronized @Nullable ByteBuffer head() {
        var first = inbox.peek();
        return first == null ? null : first.buf();
    }

    /// Tells that some of the oldest bytes were taken.
    synchronized void taken(int bytes) {
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
    synchronized boolean ended() {
        return ended && inbox.isEmpty();
    }

    boolean writable() {
        return session.getScheduledWriteBytes() < OUTBOX;
    }

    void write(IoBuffer bytes) {
        lastWrite = session.write(bytes);
    }

    /// Ends the host's side when all that was written is on its way.
    void shutdownOutput() {
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

    /// Resets the connection.
    void abort() {
        if (session.getConfig() instanceof org.apache.mina.transport.socket.SocketSessionConfig c
                && session.isActive()) c.setSoLinger(0);
        session.closeNow();
    }
}
