package podium.syscall.time;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import podium.syscall.Process;
import podium.syscall.SignalInfo;

/// A timer that sends signals: one of setitimer(2) or timer_create(2). Thread-safe.
final class GuestTimer {

    private static final int SI_TIMER = -2;
    private static final int SI_KERNEL = 0x80;

    private final Process process;
    private final TimerQueue queue;
    private final SignalEvent event;
    private final int clock;
    private final int id;

    /// When it is due, in terms of System.nanoTime(); meaningful while armed.
    private long due;

    private boolean armed;
    private long interval;
    private int overrun;
    private @Nullable Future<?> wakeup;

    GuestTimer(Process process, TimerQueue queue, SignalEvent event, int clock, int id) {
        this.process = process;
        this.queue = queue;
        this.event = event;
        this.clock = clock;
        this.id = id;
    }

    int clock() {
        return clock;
    }

    synchronized long interval() {
        return interval;
    }

    synchronized long remaining() {
        return armed ? Math.max(1, due - System.nanoTime()) : 0;
    }

    synchronized int overrun() {
        return overrun;
    }

    /// @param first nanoseconds from now; 0 disarms
    synchronized void set(long first, long interval) {
        if (wakeup != null) wakeup.cancel(false);
        wakeup = null;
        armed = first > 0;
        this.interval = interval;
        overrun = 0;
        if (!armed) return;
        due = System.nanoTime() + Math.min(first, Long.MAX_VALUE >> 1);
        schedule();
    }

    private void schedule() {
        wakeup = queue.schedule(this::expire, Math.max(0, due - System.nanoTime()));
    }

    private void expire() {
        if (process.pod().process(process.pid()) != process) return; // it has ended
        synchronized (this) {
            if (!armed || due - System.nanoTime() > 0) return; // set anew meanwhile
            if (interval == 0) armed = false;
            else {
                long missed = (System.nanoTime() - due) / interval;
                overrun = (int) Math.min(missed, Integer.MAX_VALUE);
                due += (missed + 1) * interval;
                schedule();
            }
        }
        send();
    }

    private void send() {
        if (event.signal() == 0) return;
        int code = event.given() ? SI_TIMER : SI_KERNEL;
        var info = new SignalInfo(event.signal(), code, id, overrun(), event.value());
        var task = event.tid() == 0 ? null : process.pod().task(event.tid());
        if (task != null) task.signals().send(info);
        else if (event.tid() == 0) process.send(info);
    }
}
