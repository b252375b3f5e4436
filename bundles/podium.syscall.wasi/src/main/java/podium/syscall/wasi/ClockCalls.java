package podium.syscall.wasi;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Task;
import podium.syscall.wasi.abi.WasiErrno;

/// Clocks; their numbers are Linux's.
public final class ClockCalls extends WasiFamily {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    ClockCalls(Version version) {
        super(version);
    }

    @Export
    public int clock_res_get(Task task, GuestMemory memory, int clock, int result) {
        read(task, clock);
        memory.putLong(result, 1);
        return WasiErrno.SUCCESS;
    }

    /// The precision is the most there is, whatever is asked for.
    @Export
    public int clock_time_get(
            Task task, GuestMemory memory, int clock, long precision, int result) {
        memory.putLong(result, read(task, clock));
        return WasiErrno.SUCCESS;
    }

    /// Nanoseconds on a clock.
    ///
    /// @throws podium.syscall.ErrnoException `EINVAL` when there is no such clock
    static long read(Task task, int clock) {
        return switch (clock) {
            case Clock.REALTIME -> Clock.realtime();
            case Clock.MONOTONIC -> task.process().monotonic();
            case Clock.PROCESS_CPUTIME_ID -> task.process().cpuTime();
            case Clock.THREAD_CPUTIME_ID -> Math.max(0, THREADS.getCurrentThreadCpuTime());
            default -> throw Errno.EINVAL.exception();
        };
    }
}
