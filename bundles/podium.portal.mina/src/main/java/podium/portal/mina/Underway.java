package podium.portal.mina;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts what has begun and not ended, and waits for the end of all of it. Thread-safe.
public final class Underway {

    private final AtomicInteger count = new AtomicInteger();

    /// Ends take the lock only when somebody may wait.
    private volatile boolean awaited;

    /// @return how many are under way, this one included
    public int begins() {
        return count.incrementAndGet();
    }

    public void ends() {
        if (count.decrementAndGet() > 0 || !awaited) return;
        synchronized (this) {
            notifyAll();
        }
    }

    public int count() {
        return count.get();
    }

    /// @return whether all ended in time; false also when the thread was interrupted, and stays so
    public synchronized boolean awaitEnd(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        awaited = true;
        try {
            for (long left; count.get() > 0 && (left = deadline - System.nanoTime()) > 0; )
                wait(left / 1_000_000, (int) (left % 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return count.get() == 0;
    }
}
