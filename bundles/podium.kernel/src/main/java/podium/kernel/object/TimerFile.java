package podium.kernel.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.KernelObjects.Timer;
import podium.syscall.Process;

/// timerfd_create(2). Expirations are counted from the clock when they are asked for; the scheduler
/// only wakes those who wait.
///
/// Thread-safe.
final class TimerFile extends Timer {

    /// The ALARM clocks of clock_gettime(2).
    private static final int REALTIME_ALARM = 8;

    private static final int BOOTTIME_ALARM = 9;

    private final ScheduledExecutorService scheduler;
    private final Process process;
    private final boolean wallClock;

    /// When it expires next, on its clock; 0 when disarmed.
    private long next;

    private long interval;
    private @Nullable Future<?> wakeup;

    /// @param process whose clock it goes by
    TimerFile(ScheduledExecutorService scheduler, Process process, int clock, int flags) {
        super(O_RDWR | (flags & O_NONBLOCK));
        this.scheduler = scheduler;
        this.process = process;
        switch (clock) {
            case Clock.REALTIME, REALTIME_ALARM -> wallClock = true;
            case Clock.MONOTONIC, Clock.BOOTTIME, BOOTTIME_ALARM -> wallClock = false;
            default -> throw Errno.EINVAL.exception();
        }
    }

    private long now() {
        return wallClock ? Clock.realtime() : process.monotonic();
    }

    @Override
    public synchronized void set(boolean absolute, long value, long interval) {
        if (value < 0 || interval < 0) throw Errno.EINVAL.exception();
        if (value == 0) next = 0;
        else next = absolute ? value : now() + Math.min(value, Long.MAX_VALUE >> 1);
        this.interval = interval;
        schedule();
    }

    private void schedule() {
        if (wakeup != null) wakeup.cancel(false);
        wakeup = null;
        if (next == 0) return;
        long delay = Math.max(0, next - now());
        wakeup = scheduler.schedule(this::expired, delay, TimeUnit.NANOSECONDS);
    }

    private void expired() {
        watchers.wake(IN);
    }

    private long expirations() {
        if (next == 0) return 0;
        long late = now() - next;
        if (late < 0) return 0;
        return interval == 0 ? 1 : 1 + late / interval;
    }

    @Override
    public synchronized int read(ByteBuffer into) {
        if (into.remaining() < 8) return Errno.EINVAL.negated();
        long expirations = expirations();
        if (expirations == 0) return Errno.EAGAIN.negated();
        next = interval == 0 ? 0 : next + expirations * interval;
        schedule();
        into.order(ByteOrder.LITTLE_ENDIAN).putLong(expirations);
        return 8;
    }

    @Override
    public synchronized long remaining() {
        if (next == 0) return 0;
        long left = next - now();
        if (left > 0) return left;
        return interval == 0 ? 0 : interval - (-left) % interval;
    }

    @Override
    public synchronized long interval() {
        return interval;
    }

    @Override
    protected synchronized void closed() {
        next = 0;
        schedule();
    }

    @Override
    public synchronized int readiness() {
        return expirations() > 0 ? IN : 0;
    }
}
