package podium.vfs.backend;

import java.util.concurrent.atomic.AtomicLong;
import podium.syscall.Errno;

/// What may be used of something, and what is. Thread-safe.
public final class Quota {

    public final long limit;
    private final Errno error;
    private final AtomicLong used = new AtomicLong();

    /// @param size how much there is; beyond is `ENOSPC`
    public Quota(long size) {
        this(size, Long.MAX_VALUE);
    }

    /// @param size how much there is
    /// @param granted how much of it may be used; where that is what ends first, beyond is `EDQUOT`
    public Quota(long size, long granted) {
        limit = Math.min(size, granted);
        error = granted <= size ? Errno.EDQUOT : Errno.ENOSPC;
    }

    /// @throws podium.syscall.ErrnoException [#error]
    public void take(long amount) {
        if (!tryTake(amount)) throw error.exception();
    }

    /// What it is to who wants more: `ENOSPC` or `EDQUOT`.
    public Errno error() {
        return error;
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
        if (amount != 0) used.addAndGet(-amount);
    }

    public long used() {
        return used.get();
    }

    public long left() {
        return Math.max(0, limit - used.get());
    }
}
