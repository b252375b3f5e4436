package podium.syscall.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.WaitQueue;

/// A TCP connection that leaves the pod. The guest's calls read and write the channel themselves;
/// the selector only says when that is worth while.
final class HostStream implements Duplex {

    /// Bytes looked at (MSG_PEEK) and not yet read.
    private static final int PEEK = 64 << 10;

    private final SocketChannel channel;
    private final WaitQueue waiters;
    private final SelectionKey key;

    private boolean connected;
    private boolean readable;
    private boolean writable;
    private boolean ended;
    private boolean receiveShut;
    private boolean sendShut;
    private @Nullable Errno error;
    private @Nullable ByteBuffer peeked;

    /// Begins to connect. The outcome shows in [#readiness()], and [#takeError()].
    ///
    /// @throws IOException the host cannot even begin
    HostStream(
            HostSelector selector, InetSocketAddress to, SocketOptions options, WaitQueue waiters)
            throws IOException {
        this.waiters = waiters;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, options.noDelay);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, options.keepAlive);
            connected = channel.connect(to);
            writable = connected;
            key =
                    selector.register(
                            channel,
                            connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
                            this::ready);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    synchronized boolean connecting() {
        return !connected && error == null && channel.isOpen();
    }

    private void ready(int operations) {
        int events = 0;
        synchronized (this) {
            if ((operations & SelectionKey.OP_CONNECT) != 0) events |= finishConnect();
            if ((operations & SelectionKey.OP_READ) != 0) {
                readable = true;
                events |= Pollable.IN;
            }
            if ((operations & SelectionKey.OP_WRITE) != 0) {
                writable = true;
                events |= Pollable.OUT;
            }
        }
        waiters.wake(events);
    }

    private int finishConnect() {
        try {
            if (!channel.finishConnect()) {
                HostSelector.watch(key, SelectionKey.OP_CONNECT);
                return 0;
            }
            connected = true;
            writable = true;
            HostSelector.watch(key, SelectionKey.OP_READ);
            return Pollable.OUT;
        } catch (IOException e) {
            fail(errno(e));
            return Pollable.OUT | Pollable.ERR | Pollable.HUP;
        }
    }

    private void fail(Errno errno) {
        error = errno;
        ended = true;
        sendShut = true;
        closeChannel();
    }

    @Override
    public synchronized int read(ByteBuffer into) {
        if (!into.hasRemaining()) return 0;
        var ahead = peeked;
        if (ahead != null && ahead.position() > 0) {
            ahead.flip();
            int n = Math.min(ahead.remaining(), into.remaining());
            into.put(into.position(), ahead, ahead.position(), n);
            into.position(into.position() + n);
            ahead.position(ahead.position() + n);
            ahead.compact();
            return n;
        }
        peeked = null;
        return fill(into);
    }

    private int fill(ByteBuffer into) {
        if (error != null) return takePending().negated();
        if (ended || receiveShut) return 0;
        if (!connected) return Errno.ENOTCONN.negated();
        int room = into.remaining();
        try {
            int n = channel.read(into);
            if (n < 0) {
                ended = true;
                return 0;
            }
            if (n < room) {
                readable = false;
                HostSelector.watch(key, SelectionKey.OP_READ);
            }
            return n == 0 ? Errno.EAGAIN.negated() : n;
        } catch (IOException e) {
            fail(errno(e));
            return takePending().negated();
        }
    }

    @Override
    public synchronized int peek(ByteBuffer into, int offset) {
        var ahead = ahead();
        int failed = ahead.hasRemaining() ? fill(ahead) : 0;
        int n = Math.min(ahead.position() - offset, into.remaining());
        if (n <= 0) return failed > 0 ? 0 : failed;
        into.put(into.position(), ahead, offset, n);
        into.position(into.position() + n);
        return n;
    }

    @Override
    public synchronized int write(ByteBuffer from) {
        if (error != null) return takePending().negated();
        if (sendShut) return Errno.EPIPE.negated();
        if (!connected) return Errno.ENOTCONN.negated();
        if (!from.hasRemaining()) return 0;
        try {
            int n = channel.write(from);
            if (from.hasRemaining()) {
                writable = false;
                HostSelector.watch(key, SelectionKey.OP_WRITE);
            }
            return n == 0 ? Errno.EAGAIN.negated() : n;
        } catch (IOException e) {
            fail(errno(e));
            return takePending().negated();
        }
    }

    @Override
    public synchronized int available() {
        return peeked == null ? 0 : peeked.position();
    }

    @Override
    public synchronized boolean filled(long bytes) {
        var ahead = ahead();
        for (int n = 1; n > 0 && ahead.position() < bytes && ahead.hasRemaining(); )
            n = readAhead(ahead);
        return ahead.position() >= Math.min(bytes, PEEK) || ended || receiveShut || error != null;
    }

    /// A failure stays pending: this is not the call that reports it.
    private int readAhead(ByteBuffer ahead) {
        if (error != null) return -1;
        int n = fill(ahead);
        if (n < 0 && n != Errno.EAGAIN.negated()) error = Errno.of(-n);
        return n;
    }

    private ByteBuffer ahead() {
        var ahead = peeked;
        if (ahead == null) peeked = ahead = ByteBuffer.allocate(PEEK);
        return ahead;
    }

    @Override
    public void shutdown(boolean receive, boolean send) {
        synchronized (this) {
            if (!connected || !channel.isOpen()) throw Errno.ENOTCONN.exception();
            try {
                if (receive) {
                    receiveShut = true;
                    channel.shutdownInput();
                }
                if (send && !sendShut) {
                    sendShut = true;
                    channel.shutdownOutput();
                }
            } catch (IOException e) {
                throw Errno.ENOTCONN.exception();
            }
        }
        waiters.wake(Pollable.IN | Pollable.OUT | Pollable.HUP);
    }

    @Override
    public synchronized @Nullable Errno takeError() {
        var taken = error;
        error = null;
        return taken;
    }

    private Errno takePending() {
        var taken = takeError();
        return taken == null ? Errno.EIO : taken;
    }

    @Override
    public synchronized int readiness() {
        int ready = 0;
        boolean noMore = ended || receiveShut;
        if (error != null) ready |= Pollable.ERR;
        if (noMore) ready |= Pollable.IN | Pollable.RDHUP;
        if (noMore && sendShut) ready |= Pollable.HUP;
        if (readable || available() > 0) ready |= Pollable.IN;
        if (writable || sendShut) ready |= Pollable.OUT;
        return ready;
    }

    /// SO_LINGER, TCP_NODELAY and SO_KEEPALIVE matter on the wire.
    void apply(SocketOptions options) {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, options.noDelay);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, options.keepAlive);
        } catch (ClosedChannelException e) {
            // The connection is over; so is what the options were for.
            return;
        } catch (IOException e) {
            throw Errno.EINVAL.exception();
        }
    }

    @Override
    public void setLimits(int receive, int send) {
        try {
            if (receive > 0) channel.setOption(StandardSocketOptions.SO_RCVBUF, receive);
            if (send > 0) channel.setOption(StandardSocketOptions.SO_SNDBUF, send);
        } catch (IOException e) {
            throw Errno.EINVAL.exception();
        }
    }

    @Override
    public void close(boolean abort) {
        synchronized (this) {
            if (abort && channel.isOpen()) {
                try {
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                } catch (IOException e) {
                    error = errno(e);
                }
            }
            ended = true;
            sendShut = true;
            closeChannel();
        }
        waiters.wake(Pollable.HUP);
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            error = errno(e);
        }
    }

    /// The errno behind what NIO throws: it knows few classes and else the message of strerror(3).
    static Errno errno(IOException e) {
        var message = String.valueOf(e.getMessage());
        if (message.contains("refused")) return Errno.ECONNREFUSED;
        if (message.contains("timed out")) return Errno.ETIMEDOUT;
        if (message.contains("Network is unreachable")) return Errno.ENETUNREACH;
        if (message.contains("No route to host") || e instanceof NoRouteToHostException)
            return Errno.EHOSTUNREACH;
        if (message.contains("Broken pipe")) return Errno.EPIPE;
        if (message.contains("reset")) return Errno.ECONNRESET;
        if (message.contains("Permission denied")) return Errno.EACCES;
        if (message.contains("Too many open files")) return Errno.ENFILE;
        if (message.contains("Cannot assign requested address")) return Errno.EADDRNOTAVAIL;
        return e instanceof ConnectException ? Errno.ECONNREFUSED : Errno.EIO;
    }
}
