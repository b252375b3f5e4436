package podium.vfs.impl;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/// Counts the calls in a mount's backend that an exchange of the backend must not overtake: those
/// that change it, look up names in it, or open and close. Reading is not counted, see
/// [Mount#same].
///
/// Shut, it holds new ones and tells when the last one is out. It is the innermost lock: nothing of
/// the VFS is waited for inside, and nobody enters twice. Thread-safe.
final class Gate {

    /// Counters for threads that enter at the same time, each in cache lines of its own.
    private static final int STRIPES =
            Math.min(16, Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors()));

    private static final int STRIDE = 16;
    private static final long SHUT = -1;

    /// How long the one who shuts it sleeps between two looks.
    private static final long LOOK = TimeUnit.MICROSECONDS.toNanos(20);

    private final AtomicLongArray inside = new AtomicLongArray((STRIPES + 1) * STRIDE);

    /// 0 while it is open; [#SHUT]; else how many nanoseconds a call has to wait first.
    private volatile long delay;

    /// The counter of the calling thread. It leaves by the one it entered by.
    private static int stripe() {
        return (((int) Thread.currentThread().threadId() & STRIPES - 1) + 1) * STRIDE;
    }

    /// Begins a call, when the gate is open.
    void enter() {
        int stripe = stripe();
        inside.getAndIncrement(stripe);
        if (delay != 0) enterLate(stripe);
    }

    /// Begins a call, if the gate is open.
    ///
    /// @return whether it has begun
    boolean tryEnter() {
        int stripe = stripe();
        inside.getAndIncrement(stripe);
        if (delay == 0) return true;
        inside.getAndDecrement(stripe);
        return false;
    }

    private void enterLate(int stripe) {
        inside.getAndDecrement(stripe);
        long wait = delay;
        if (wait > 0) {
            long end = System.nanoTime() + wait;
            // An interrupt, which is somebody else's, or a spurious return may come in between.
            boolean interrupted = Thread.interrupted();
            for (long left = wait; left > 0 && delay > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) Thread.currentThread().interrupt();
        }
        for (; ; ) {
            awaitOpen();
            inside.getAndIncrement(stripe);
            if (delay != SHUT) return;
            inside.getAndDecrement(stripe);
        }
    }

    private synchronized void awaitOpen() {
        boolean interrupted = false;
        while (delay == SHUT)
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /// Ends a call.
    void exit() {
        inside.getAndDecrement(stripe());
    }

    /// Makes every call wait before it begins, so that others get ahead.
    ///
    /// @param nanoseconds 0 for no longer
    synchronized void slow(long nanoseconds) {
        delay = nanoseconds;
        notifyAll();
    }

    /// Holds new calls and waits until those inside are out.
    ///
    /// @return false when they were not by the deadline, and the gate is open again
    boolean shut(long nanoseconds) {
        synchronized (this) {
            delay = SHUT;
        }
        long deadline = System.nanoTime() + nanoseconds;
        for (int i = 1; i <= STRIPES; i++)
            while (inside.get(i * STRIDE) != 0) {
                if (System.nanoTime() - deadline > 0) {
                    open();
                    return false;
                }
                LockSupport.parkNanos(LOOK);
            }
        return true;
    }

    /// Whether new calls are held.
    boolean isShut() {
        return delay == SHUT;
    }

    /// Lets calls in.
    void open() {
        slow(0);
    }
}
