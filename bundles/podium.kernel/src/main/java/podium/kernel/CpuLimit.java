package podium.kernel;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.syscall.ResourceLimit;
import podium.syscall.SignalInfo;

/// Holds a process to its RLIMIT_CPU (getrlimit(2)): SIGXCPU each second from the soft limit on,
/// SIGKILL at the hard one. It looks when the process can have got there at the earliest.
///
/// Thread-safe.
final class CpuLimit {

    private static final long SECOND = 1_000_000_000;

    /// How late a process is found out.
    private static final long LEAST = 10_000_000;

    /// The same for one that has done nothing since the last look.
    private static final long IDLE = 100_000_000;

    private static final int SI_KERNEL = 0x80;

    private final GuestProcess process;
    private final ScheduledExecutorService timers;

    /// What it had used at the last look.
    private long before;

    private @Nullable Future<?> wakeup;

    CpuLimit(GuestProcess process, ScheduledExecutorService timers) {
        this.process = process;
        this.timers = timers;
    }

    /// The process has begun, or its limit is another.
    synchronized void review() {
        if (wakeup != null) wakeup.cancel(false);
        wakeup = null;
        if (limit().soft() != ResourceLimit.INFINITY) lookAfter(0);
    }

    private ResourceLimit limit() {
        return process.limit(ResourceLimit.CPU);
    }

    private void lookAfter(long delay) {
        wakeup = timers.schedule(this::look, delay, TimeUnit.NANOSECONDS);
    }

    private synchronized void look() {
        boolean gone = process.pod().table().process(process.pid()) != process;
        var limit = limit();
        if (gone || process.tasks().ending() || limit.soft() == ResourceLimit.INFINITY) return;
        long used = process.cpuTime();
        if (used >= nanoseconds(limit.hard())) {
            send(Signals.SIGKILL);
            return;
        }
        if (used >= nanoseconds(limit.soft()) && process.resourceLimits().putOff(limit))
            send(Signals.SIGXCPU);
        long left = nanoseconds(limit().soft()) - used;
        int cpus = Runtime.getRuntime().availableProcessors();
        long earliest = left / Math.clamp(process.tasks().size(), 1, cpus);
        lookAfter(Math.max(earliest, used == before ? IDLE : LEAST));
        before = used;
    }

    private static long nanoseconds(long seconds) {
        return Long.compareUnsigned(seconds, Long.MAX_VALUE / SECOND) < 0
                ? seconds * SECOND
                : Long.MAX_VALUE;
    }

    private void send(int signal) {
        process.send(new SignalInfo(signal, SI_KERNEL, 0, 0, 0));
    }
}
