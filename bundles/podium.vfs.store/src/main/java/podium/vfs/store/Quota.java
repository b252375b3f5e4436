package podium.vfs.store;

import java.util.concurrent.atomic.AtomicLong;
import podium.syscall.Errno;

/// What may be used of something, and what is. Thread-safe.
final class Quota {

    final long limit;
    private final AtomicLong used = new AtomicLong();

    Quota(long limit) {
        this.limit = limit;
    }

    /// @throws podium.syscall.ErrnoException `ENOSPC`
    void take(long amount) {
        if (!tryTake(amount)) throw Errno.ENOSPC.exception();
    }

    boolean tryTake(long amount) {
        for (; ; ) {
            long now = used.get();
            if (amount > 0 && amount > limit - now) return false;
            if (used.compareAndSet(now, now + amount)) return true;
        }
    }

    /// Counts what a store already holds, even if the limit is a lower one now.
    void count(long amount) {
        used.addAndGet(amount);
    }

    void give(long amount) {
        used.addAndGet(-amount);
    }

    long used() {
        return used.get();
    }

    long left() {
        return Math.max(0, limit - used.get());
    }
}
