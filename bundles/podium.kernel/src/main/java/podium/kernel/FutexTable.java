package podium.kernel;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Futexes;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;

/// The waiters at the words of one memory. Thread-safe; waiters are told after the lock is given
/// back.
final class FutexTable implements Futexes {

    /// Guarded by this.
    private final Map<Integer, ArrayDeque<Queued>> queues = new HashMap<>();

    private final class Queued implements Waiter {

        private final int bitset;

        /// Where it waits; guarded by the table, as woken.
        private int address;

        private boolean woken;
        private volatile boolean ready;
        private volatile Pollable.@Nullable Watcher watcher;

        Queued(int address, int bitset) {
            this.address = address;
            this.bitset = bitset;
        }

        @Override
        public boolean cancel() {
            synchronized (FutexTable.this) {
                if (woken) return false;
                remove(this);
                return true;
            }
        }

        void wake() {
            ready = true;
            var watcher = this.watcher;
            if (watcher != null) watcher.changed(IN);
        }

        @Override
        public int readiness() {
            return ready ? IN : 0;
        }

        @Override
        public void watch(Watcher watcher) {
            this.watcher = watcher;
        }

        @Override
        public void unwatch(Watcher watcher) {
            this.watcher = null;
        }
    }

    private void remove(Queued waiter) {
        var queue = queues.get(waiter.address);
        if (queue == null) return;
        queue.remove(waiter);
        if (queue.isEmpty()) queues.remove(waiter.address);
    }

    private static void check(int address) {
        if ((address & 3) != 0) throw Errno.EINVAL.exception();
    }

    /// Whether a word still has a value, as the guest's last atomic instruction left it.
    private static void expect(GuestMemory memory, int address, int value) {
        VarHandle.fullFence();
        if (memory.getInt(address) != value) throw Errno.EAGAIN.exception();
    }

    @Override
    public synchronized Waiter enqueue(GuestMemory memory, int address, int value, int bitset) {
        check(address);
        if (bitset == 0) throw Errno.EINVAL.exception();
        expect(memory, address, value);
        var waiter = new Queued(address, bitset);
        queues.computeIfAbsent(address, _ -> new ArrayDeque<>()).add(waiter);
        return waiter;
    }

    @Override
    public int wake(int address, int count, int bitset) {
        check(address);
        if (bitset == 0) throw Errno.EINVAL.exception();
        var woken = new ArrayList<Queued>();
        synchronized (this) {
            take(address, count, bitset, woken);
        }
        for (var waiter : woken) waiter.wake();
        return woken.size();
    }

    private void take(int address, int count, int bitset, ArrayList<Queued> into) {
        var queue = queues.get(address);
        if (queue == null) return;
        for (var each = queue.iterator(); each.hasNext() && into.size() < count; ) {
            var waiter = each.next();
            if ((waiter.bitset & bitset) == 0) continue;
            each.remove();
            waiter.woken = true;
            into.add(waiter);
        }
        if (queue.isEmpty()) queues.remove(address);
    }

    @Override
    public int requeue(
            GuestMemory memory,
            int address,
            int wake,
            int target,
            int move,
            boolean compare,
            int value) {
        check(address);
        check(target);
        if (wake < 0 || move < 0) throw Errno.EINVAL.exception();
        var woken = new ArrayList<Queued>();
        int moved = 0;
        synchronized (this) {
            if (compare) expect(memory, address, value);
            take(address, wake, ANY, woken);
            if (target != address) moved = move(address, target, move);
        }
        for (var waiter : woken) waiter.wake();
        return woken.size() + moved;
    }

    private int move(int address, int target, int count) {
        var queue = queues.get(address);
        int moved = 0;
        while (queue != null && moved < count && !queue.isEmpty()) {
            var waiter = queue.remove();
            waiter.address = target;
            queues.computeIfAbsent(target, _ -> new ArrayDeque<>()).add(waiter);
            moved++;
        }
        if (queue != null && queue.isEmpty()) queues.remove(address);
        return moved;
    }
}
