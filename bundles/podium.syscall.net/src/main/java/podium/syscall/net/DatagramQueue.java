package podium.syscall.net;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Datagrams that arrived and wait to be received, bounded in bytes. Thread-safe.
final class DatagramQueue {

    /// What a datagram costs beside its bytes (Linux's sk_buff is of that size).
    private static final int OVERHEAD = 256;

    private final BufferBudget budget;
    private final ArrayDeque<Datagram> queue = new ArrayDeque<>();
    private int limit;
    private int held;
    private boolean closed;

    /// One datagram.
    record Datagram(
            byte[] bytes,
            @Nullable SocketName from,
            @Nullable Rights rights,
            Message.@Nullable Sender sender) {

        private int cost() {
            return bytes.length + OVERHEAD;
        }
    }

    DatagramQueue(BufferBudget budget, int limit) {
        this.budget = budget;
        this.limit = limit;
    }

    synchronized void setLimit(int limit) {
        this.limit = limit;
    }

    /// @return false when there is no room for it
    synchronized boolean offer(Datagram datagram) {
        if (closed || full() || !budget.take(datagram.cost())) return false;
        held += datagram.cost();
        queue.add(datagram);
        return true;
    }

    synchronized boolean full() {
        return held >= limit;
    }

    private synchronized @Nullable Datagram poll() {
        var datagram = queue.poll();
        if (datagram != null) {
            held -= datagram.cost();
            budget.give(datagram.cost());
        }
        return datagram;
    }

    private synchronized @Nullable Datagram peek() {
        return queue.peek();
    }

    /// The next datagram, which a peeking receiver leaves there.
    @Nullable Datagram next(Message message) {
        return message.peek() ? peek() : poll();
    }

    /// Bytes of the next datagram, 0 when there is none.
    int available() {
        var next = peek();
        return next == null ? 0 : next.bytes.length;
    }

    synchronized boolean isEmpty() {
        return queue.isEmpty();
    }

    /// Drops everything, and what will yet come.
    void close() {
        synchronized (this) {
            closed = true;
        }
        for (Datagram datagram; (datagram = poll()) != null; )
            if (datagram.rights != null) datagram.rights.drop();
    }
}
