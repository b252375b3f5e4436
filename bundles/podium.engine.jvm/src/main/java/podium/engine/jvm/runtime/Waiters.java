package podium.engine.jvm.runtime;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Threads that wait at addresses of a shared memory (threads proposal, `memory.atomic.wait` and
/// `notify`).
final class Waiters {

    private static final int WOKEN = 0;
    private static final int NOT_EQUAL = 1;
    private static final int TIMED_OUT = 2;

    private static final class Waiter {
        final Thread thread = Thread.currentThread();
        volatile boolean woken;
    }

    private final Map<Long, ArrayDeque<Waiter>> queues = new HashMap<>();

    /// Waits if the memory still has the expected content.
    ///
    /// @param timeout in nanoseconds; negative for ever
    int await(GuestState state, long address, BooleanSupplier same, long timeout) {
        long deadline = System.nanoTime() + timeout;
        var waiter = new Waiter();
        synchronized (this) {
            if (!same.getAsBoolean()) return NOT_EQUAL;
            queues.computeIfAbsent(address, _ -> new ArrayDeque<>()).add(waiter);
        }
        while (!waiter.woken) {
            if (state.interrupted != 0) stop(state, address, waiter);
            if (timeout < 0) {
                LockSupport.park(this);
                continue;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) return leave(address, waiter) ? TIMED_OUT : WOKEN;
            LockSupport.parkNanos(this, left);
        }
        return WOKEN;
    }

    /// Unless the interrupt is off again: a deadline may have been replaced.
    private void stop(GuestState state, long address, Waiter waiter) {
        try {
            Control.interrupted(state);
        } catch (Stop e) {
            leave(address, waiter);
            throw e;
        }
    }

    /// @return whether the waiter was still waiting
    private synchronized boolean leave(long address, Waiter waiter) {
        var queue = queues.get(address);
        if (queue == null || !queue.remove(waiter)) return false;
        if (queue.isEmpty()) queues.remove(address);
        return true;
    }

    /// @param count how many to wake at most, unsigned
    /// @return how many were woken
    synchronized int notify(long address, int count) {
        var queue = queues.get(address);
        if (queue == null) return 0;
        int woken = 0;
        while (!queue.isEmpty() && Integer.compareUnsigned(woken, count) < 0) {
            var waiter = queue.poll();
            waiter.woken = true;
            LockSupport.unpark(waiter.thread);
            woken++;
        }
        if (queue.isEmpty()) queues.remove(address);
        return woken;
    }
}
