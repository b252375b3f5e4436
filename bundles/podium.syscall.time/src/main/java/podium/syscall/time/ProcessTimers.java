package podium.syscall.time;

import java.util.HashMap;
import java.util.Map;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.Process;
import podium.syscall.Task;

/// One process's timers. Thread-safe.
final class ProcessTimers {

    private static final int ITIMER_REAL = 0;
    private static final int LIMIT = 1024;

    private final Process process;
    private final TimerQueue queue;
    private final GuestTimer real;
    private final Map<Integer, GuestTimer> created = new HashMap<>();
    private int next;

    ProcessTimers(Process process, TimerQueue queue) {
        this.process = process;
        this.queue = queue;
        real = new GuestTimer(process, queue, SignalEvent.alarm(), Clock.MONOTONIC, 0);
    }

    boolean isOf(Process other) {
        return process == other;
    }

    /// The timer of setitimer(2). Those that count CPU time are not to be had.
    GuestTimer interval(int which) {
        if (which != ITIMER_REAL) throw Errno.EINVAL.exception();
        return real;
    }

    synchronized int create(Task task, int clock, SignalEvent event) {
        ClockReader.read(task, clock);
        if (!ClockReader.canSleepOn(clock)) throw Errno.EOPNOTSUPP.exception();
        if (created.size() == LIMIT) throw Errno.EAGAIN.exception();
        int id = next++;
        created.put(id, new GuestTimer(process, queue, event, clock, id));
        return id;
    }

    synchronized GuestTimer get(int id) {
        var timer = created.get(id);
        if (timer == null) throw Errno.EINVAL.exception();
        return timer;
    }

    void delete(int id) {
        var timer = get(id);
        timer.set(0, 0);
        synchronized (this) {
            created.remove(id);
        }
    }

    /// Whether there is one that the program made, or its interval timer runs.
    synchronized boolean any() {
        return real.remaining() != 0 || !created.isEmpty();
    }

    /// Disarms all.
    synchronized void close() {
        real.set(0, 0);
        for (var timer : created.values()) timer.set(0, 0);
    }
}
