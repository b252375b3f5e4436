package podium.vfs.backend;

import java.util.concurrent.atomic.AtomicLong;
import podium.syscall.Errno;

/// What may be used of something, and what is. Thread-safe.
public final class Quota {

    public final long limit;
    private final AtomicLong used = new AtomicLong();

    public Quota(long limit) {
        this.limit = limit;
    }

    /// @throws podium.syscall.ErrnoException `ENOSPC`
    public void take(long amount) {
        if (!tryTake(amount)) throw Errno.ENOSPC.exception();
    }

    /// @return false when there is not as much left; nothing has changed then
    public boolean tryTake(long amount) {
        for (; ; ) {
            long now = used.get();
            if (amount > 0 && amount > limit - now) return false;
            if (used.compareAndSet(now, now + amount)) return true;
        }
    }

    /// Counts what is held already, even if the limit is a lower one now.
    public void count(long amount) {
        used.addAndGet(amount);
    }

    public void give(long amount) {
        used.addAndGet(-amount);
    }

    public long used() {
        return used.get();
    }

    public long left() {
        return Math.max(0, limit - used.get());
    }
}
