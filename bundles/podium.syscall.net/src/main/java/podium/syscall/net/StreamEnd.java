package podium.syscall.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.WaitQueue;

/// One end of a connection inside the kernel: TCP over loopback, an AF_UNIX stream, or the host's
/// end of a portal connection. What an end has received lies in its ring; the other end writes it
/// there. Both ends share one lock.
///
/// Semantics of half-close, reset and poll follow tcp_recvmsg, tcp_sendmsg and tcp_poll of Linux,
/// and their unix_stream_* counterparts.
final class StreamEnd implements Duplex {

    /// As net.ipv4.tcp_wmem's default maximum is, roughly: enough for throughput, bounded.
    static final int DEFAULT_LIMIT = 256 << 10;

    private final Object lock;
    private final Ring incoming;
    private final WaitQueue waiters;
    private final boolean tcp;
    private @Nullable StreamEnd other;

    private boolean receiveShut;
    private boolean sendShut;
    private boolean reset;
    private boolean closed;
    private @Nullable Errno error;

    /// What came along with bytes (SCM_RIGHTS), by position; null until the first.
    private @Nullable ArrayDeque<Mark> marks;

    /// Files passed with the bytes from one position up to another.
    private record Mark(long start, long end, Rights rights) {}

    private StreamEnd(Object lock, BufferBudget budget, WaitQueue waiters, boolean tcp) {
        this.lock = lock;
        this.incoming = new Ring(budget, DEFAULT_LIMIT);
        this.waiters = waiters;
        this.tcp = tcp;
    }

    /// Makes a connection.
    ///
    /// @param tcp whether it behaves as TCP or as AF_UNIX where they differ
    /// @return the first end; the other one is its [#other()]
    static StreamEnd pair(BufferBudget budget, WaitQueue first, WaitQueue second, boolean tcp) {
        var lock = new Object();
        var a = new StreamEnd(lock, budget, first, tcp);
        var b = new StreamEnd(lock, budget, second, tcp);
        a.other = b;
        b.other = a;
        return a;
    }

    StreamEnd other() {
        var other = this.other;
        if (other == null) throw new IllegalStateException("half a pair");
        return other;
    }

    @Override
    public int read(ByteBuffer into) {
        return read(into, null);
    }

    /// Reads, and takes the files that came with any of the bytes. As Linux has it, a read ends
    /// behind the write that files came with.
    ///
    /// @param message receives them; when null they are dropped, as read(2) does
    int read(ByteBuffer into, @Nullable Message message) {
        if (!into.hasRemaining()) return 0;
        Rights rights = null;
        int n;
        synchronized (lock) {
            var coming = marks;
            var mark = coming == null ? null : coming.peek();
            long start = incoming.readPosition();
            long most = mark == null ? Integer.MAX_VALUE : mark.end - start;
            n = incoming.read(into, (int) Math.min(most, Integer.MAX_VALUE), false);
            if (n == 0) return atEnd();
            if (coming != null && mark != null && start + n > mark.start) {
                rights = mark.rights;
                coming.poll();
            }
        }
        if (rights != null) {
            if (message != null && message.rights == null) message.rights = rights;
            else rights.drop();
        }
        other().wake(Pollable.OUT);
        return n;
    }

    @Override
    public int peek(ByteBuffer into, int offset) {
        if (!into.hasRemaining()) return 0;
        synchronized (lock) {
            int n = incoming.peek(into, offset, Integer.MAX_VALUE);
            return n == 0 ? atEnd() : n;
        }
    }

    /// The answer when there is nothing to read.
    private int atEnd() {
        if (tcp && finReceived()) return 0;
        var pending = takeError();
        if (pending != null) return pending.negated();
        return receiveShut || reset || finReceived() ? 0 : Errno.EAGAIN.negated();
    }

    @Override
    public int write(ByteBuffer from) {
        return write(from, null);
    }

    /// Writes, with files that go along with the first byte; they are taken over when the result is
    /// positive.
    int write(ByteBuffer from, @Nullable Rights rights) {
        var other = other();
        int n;
        synchronized (lock) {
            if (error != null || sendingEnded()) {
                var pending = takeError();
                return (pending != null ? pending : Errno.EPIPE).negated();
            }
            if (!from.hasRemaining()) return 0;
            if (other.closed) return writeAfterClose(from);
            long position = other.incoming.writePosition();
            n = other.incoming.write(from);
            if (n == 0) return Errno.EAGAIN.negated();
            if (rights != null) {
                if (other.marks == null) other.marks = new ArrayDeque<>();
                other.marks.add(new Mark(position, position + n, rights));
            }
        }
        other.wake(Pollable.IN);
        return n;
    }

    /// TCP takes the bytes and is told by the RST they cause that nobody wants them.
    private int writeAfterClose(ByteBuffer from) {
        int n = from.remaining();
        from.position(from.limit());
        error = Errno.EPIPE;
        reset = true;
        wake(Pollable.ERR | Pollable.HUP | Pollable.IN | Pollable.OUT);
        return n;
    }

    private boolean finReceived() {
        return other().sendShut;
    }

    private boolean sendingEnded() {
        return sendShut || reset || (!tcp && (other().closed || other().receiveShut));
    }

    @Override
    public int available() {
        synchronized (lock) {
            return incoming.size();
        }
    }

    @Override
    public boolean filled(long bytes) {
        synchronized (lock) {
            return incoming.size() >= Math.min(bytes, incoming.limit())
                    || receiveShut
                    || reset
                    || error != null
                    || finReceived();
        }
    }

    @Override
    public void shutdown(boolean receive, boolean send) {
        synchronized (lock) {
            if (tcp && (reset || (sendShut && finReceived()))) throw Errno.ENOTCONN.exception();
            if (receive) receiveShut = true;
            if (send) sendShut = true;
        }
        wake(Pollable.IN | Pollable.OUT | Pollable.HUP);
        other().wake(Pollable.IN | Pollable.OUT | Pollable.RDHUP | Pollable.HUP);
    }

    @Override
    public @Nullable Errno takeError() {
        synchronized (lock) {
            var taken = error;
            error = null;
            return taken;
        }
    }

    @Override
    public int readiness() {
        synchronized (lock) {
            boolean noMore = receiveShut || reset || finReceived();
            boolean sendEnded = sendingEnded();
            int ready = 0;
            if (noMore && sendEnded) ready |= Pollable.HUP;
            if (noMore) ready |= Pollable.IN | Pollable.RDHUP;
            if (incoming.size() > 0) ready |= Pollable.IN;
            if (error != null) ready |= Pollable.ERR;
            if (sendEnded || writable()) ready |= Pollable.OUT;
            return ready;
        }
    }

    /// Not for the first byte of room: that would wake a writer for next to nothing.
    private boolean writable() {
        var ring = other().incoming;
        return other().closed || ring.room() >= Math.max(1, ring.limit() / 4);
    }

    @Override
    public void setLimits(int receive, int send) {
        synchronized (lock) {
            if (receive > 0) incoming.setLimit(receive);
            if (send > 0) other().incoming.setLimit(Math.max(send, other().incoming.limit()));
        }
        other().wake(Pollable.OUT);
    }

    @Override
    public void close(boolean abort) {
        ArrayDeque<Mark> dropped;
        synchronized (lock) {
            if (closed) return;
            closed = true;
            boolean unread = incoming.size() > 0;
            incoming.clear();
            if (!unread && !abort) sendShut = true;
            else if (!other().closed) other().resetByPeer();
            if (abort && !other().closed) other().incoming.clear();
            dropped = marks;
            marks = null;
        }
        if (dropped != null) for (var mark : dropped) mark.rights.drop();
        wake(Pollable.HUP);
        other().wake(Pollable.IN | Pollable.OUT | Pollable.RDHUP | Pollable.HUP | Pollable.ERR);
    }

    private void resetByPeer() {
        if (tcp && sendShut && other().sendShut) return; // both had finished
        error = tcp && other().sendShut ? Errno.EPIPE : Errno.ECONNRESET;
        reset = true;
    }

    private void wake(int events) {
        waiters.wake(events);
    }
}
