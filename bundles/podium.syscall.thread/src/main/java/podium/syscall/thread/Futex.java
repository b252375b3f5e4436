package podium.syscall.thread;

import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.Futexes;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.Task;

/// The operations of futex(2), without those that lend priorities.
final class Futex {

    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int REQUEUE = 3;
    private static final int CMP_REQUEUE = 4;
    private static final int WAKE_OP = 5;
    private static final int WAIT_BITSET = 9;
    private static final int WAKE_BITSET = 10;
    private static final int COMMAND = 0x7f;
    private static final int CLOCK_REALTIME = 0x100;
    private static final long SECOND = 1_000_000_000;

    int call(
            Task task,
            GuestMemory memory,
            int address,
            int operation,
            int value,
            int timeout,
            int address2,
            int value3) {
        var futexes = task.process().futexes();
        return switch (operation & COMMAND) {
            case WAIT -> wait(task, memory, address, value, relative(memory, timeout), Futexes.ANY);
            case WAIT_BITSET -> {
                long until = absolute(task, memory, timeout, (operation & CLOCK_REALTIME) != 0);
                yield wait(task, memory, address, value, until, value3);
            }
            case WAKE -> futexes.wake(address, value, Futexes.ANY);
            case WAKE_BITSET -> futexes.wake(address, value, value3);
            case REQUEUE -> futexes.requeue(memory, address, value, address2, timeout, false, 0);
            case CMP_REQUEUE ->
                    futexes.requeue(memory, address, value, address2, timeout, true, value3);
            case WAKE_OP -> wakeOp(futexes, memory, address, value, timeout, address2, value3);
            default -> Errno.ENOSYS.negated();
        };
    }

    private static int wait(
            Task task, GuestMemory memory, int address, int value, long timeout, int bitset) {
        if (!(task.kept() instanceof Futexes.Waiter waiter)) {
            var queued = task.process().futexes().enqueue(memory, address, value, bitset);
            task.keep(queued);
            task.onInterrupt(() -> queued.cancel() ? Errno.EINTR.negated() : 0);
            return task.block(queued, Pollable.IN, timeout);
        }
        if (waiter.readiness() != 0) return 0;
        if (task.timedOut()) return waiter.cancel() ? Errno.ETIMEDOUT.negated() : 0;
        return task.block(waiter, Pollable.IN, timeout);
    }

    private static long relative(GuestMemory memory, int address) {
        return address == 0 ? Task.FOREVER : time(memory, address);
    }

    private static long absolute(Task task, GuestMemory memory, int address, boolean realtime) {
        if (address == 0) return Task.FOREVER;
        long now = realtime ? Clock.realtime() : task.process().monotonic();
        return Math.max(0, time(memory, address) - now);
    }

    private static long time(GuestMemory memory, int address) {
        long seconds = memory.getLong(address);
        int nanos = memory.getInt(address + 8);
        if (seconds < 0 || nanos < 0 || nanos >= SECOND) throw Errno.EINVAL.exception();
        return seconds >= Long.MAX_VALUE / SECOND ? Task.FOREVER - 1 : seconds * SECOND + nanos;
    }

    /// FUTEX_WAKE_OP: changes the second word atomically, wakes at the first, and at the second
    /// when
    /// its old value compares.
    private static int wakeOp(
            Futexes futexes,
            GuestMemory memory,
            int address,
            int count,
            int count2,
            int address2,
            int code) {
        int argument = code << 8 >> 20;
        if ((code >>> 28 & 8) != 0) argument = 1 << (argument & 31);
        int old = Word.change(memory, address2, code >>> 28 & 7, argument);
        int woken = futexes.wake(address, count, Futexes.ANY);
        if (compare(old, code >>> 24 & 15, code << 20 >> 20))
            woken += futexes.wake(address2, count2, Futexes.ANY);
        return woken;
    }

    private static boolean compare(int old, int operator, int argument) {
        return switch (operator) {
            case 0 -> old == argument;
            case 1 -> old != argument;
            case 2 -> old < argument;
            case 3 -> old <= argument;
            case 4 -> old > argument;
            case 5 -> old >= argument;
            default -> throw Errno.ENOSYS.exception();
        };
    }
}
