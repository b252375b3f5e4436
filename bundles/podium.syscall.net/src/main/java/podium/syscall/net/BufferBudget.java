package podium.syscall.net;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes a pod's sockets may hold altogether. Thread-safe, without a lock.
final class BufferBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    BufferBudget(long limit) {
        this.limit = limit;
    }

    boolean take(long bytes) {
        if (used.addAndGet(bytes) <= limit) return true;
        used.addAndGet(-bytes);
        return false;
    }

    /// Takes what must be had, over the limit if need be: the first few KiB of a connection, whose
    /// number is bounded elsewhere.
    void force(long bytes) {
        used.addAndGet(bytes);
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    boolean tight() {
        return used.get() > limit / 2;
    }

    long used() {
        return used.get();
    }
}
