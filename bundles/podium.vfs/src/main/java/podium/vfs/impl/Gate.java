package podium.vfs.impl;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import podium.syscall.Killable;

/// Counts the calls in a mount's backend that an exchange of the backend must not overtake: those
/// that change it, look up names in it, or open and close. Reading is not counted, see
/// [Mount#same].
///
/// Closed, it keeps new ones waiting. There are two reasons to close it, and it opens when neither
/// is left: a move copies what is left ([#shut], which tells when the last call is out), and the
/// backend's bundle is gone ([#hold]). Whoever waits can be killed. Thread-safe.
///
/// Nothing of the VFS that others hold while they wait here is waited for inside, and nobody enters
/// twice.
final class Gate {

    /// Counters for threads that enter at the same time, each in cache lines of its own.
    private static final int STRIPES =
            Math.min(16, Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors()));

    private static final int STRIDE = 16;
    private static final long CLOSED = -1;

    /// How long the one who shuts it sleeps between two looks.
    private static final long LOOK = TimeUnit.MICROSECONDS.toNanos(20);

    private final AtomicLongArray inside = new AtomicLongArray((STRIPES + 1) * STRIDE);

    /// 0 while it is open; [#CLOSED]; else how many nanoseconds a call has to wait first.
    private volatile long delay;

    /// Nanoseconds, while it is open.
    private long slow;

    private boolean shut;

    /// Who holds it closed.
    private final Set<Object> holders = new HashSet<>();

    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    /// Calls to make when it opens.
    private final Queue<Runnable> later = new ArrayDeque<>();

    /// The counter of the calling thread. It leaves by the one it entered by.
    private static int stripe() {
        return (((int) Thread.currentThread().threadId() & STRIPES - 1) + 1) * STRIDE;
    }

    /// Begins a call, when the gate is open.
    ///
    /// @throws podium.syscall.ErrnoException `EINTR`: the caller was killed while it waited
    void enter() {
        int stripe = stripe();
        inside.getAndIncrement(stripe);
        if (delay != 0) enterLate(stripe);
    }

    /// Begins a call, if the gate is not closed.
    ///
    /// @return whether it has begun
    boolean tryEnter() {
        int stripe = stripe();
        inside.getAndIncrement(stripe);
        if (delay != CLOSED) return true;
        inside.getAndDecrement(stripe);
        return false;
    }

    /// Begins a call, if the gate is not closed. Else another one is made when it opens, by whoever
    /// opens it: for what must not fail, and nobody waits for.
    ///
    /// @return whether it has begun
    boolean enterOr(Runnable another) {
        while (!tryEnter())
            synchronized (this) {
                if (delay == CLOSED) {
                    later.add(another);
                    return false;
                }
            }
        return true;
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
        while (!tryEnter()) awaitOpen();
    }

    private void awaitOpen() {
        var thread = Thread.currentThread();
        boolean interrupted = false;
        waiting.add(thread);
        try {
            while (delay == CLOSED) {
                Killable.check();
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        } finally {
            waiting.remove(thread);
            if (interrupted) thread.interrupt();
        }
    }

    /// Ends a call.
    void exit() {
        inside.getAndDecrement(stripe());
    }

    /// Makes every call wait before it begins, so that others get ahead.
    ///
    /// @param nanoseconds 0 for no longer
    synchronized void slow(long nanoseconds) {
        slow = nanoseconds;
        if (delay != CLOSED) delay = nanoseconds;
    }

    /// Closes it and waits until those inside are out.
    ///
    /// @return false when they were not by the deadline, and it is as it was before
    boolean shut(long nanoseconds) {
        synchronized (this) {
            shut = true;
            delay = CLOSED;
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

    /// Ends what [#shut] and [#slow] have begun.
    void open() {
        synchronized (this) {
            shut = false;
            slow = 0;
        }
        letIn();
    }

    /// Closes it until [#release].
    synchronized void hold(Object holder) {
        holders.add(holder);
        delay = CLOSED;
    }

    /// Holds it no longer, if ever it did.
    void release(Object holder) {
        synchronized (this) {
            holders.remove(holder);
        }
        letIn();
    }

    /// Nobody holds it any longer.
    void releaseAll() {
        synchronized (this) {
            holders.clear();
        }
        letIn();
    }

    /// Opens it, if nobody wants it closed.
    private void letIn() {
        for (; ; ) {
            Runnable call;
            synchronized (this) {
                if (shut || !holders.isEmpty()) return;
                delay = slow;
                call = later.poll();
            }
            if (call == null) break;
            call.run();
        }
        waiting.forEach(LockSupport::unpark);
    }
}
