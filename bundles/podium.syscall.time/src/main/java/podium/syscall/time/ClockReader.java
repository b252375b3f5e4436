package podium.syscall.time;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.Task;

/// Reads clocks by number, those of CPU time included (clock_getcpuclockid(3)).
final class ClockReader {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// Low bits of a negative clock number, which name a process or task.
    private static final int CPU_KIND = 7;

    private static final int CPU_OF_THREAD = 4;

    private ClockReader() {}

    /// @throws podium.syscall.ErrnoException `EINVAL` when there is no such clock
    static long read(Task task, int clock) {
        return switch (clock) {
            case Clock.REALTIME, Clock.REALTIME_COARSE -> Clock.realtime();
            case Clock.MONOTONIC, Clock.MONOTONIC_RAW, Clock.MONOTONIC_COARSE, Clock.BOOTTIME ->
                    task.process().monotonic();
            case Clock.PROCESS_CPUTIME_ID -> task.process().cpuTime();
            case Clock.THREAD_CPUTIME_ID -> ofCurrentThread();
            default -> ofCpu(task, clock);
        };
    }

    private static long ofCpu(Task task, int clock) {
        if (clock >= 0) throw Errno.EINVAL.exception();
        int id = ~(clock >> 3);
        if ((clock & CPU_KIND & CPU_OF_THREAD) != 0) {
            if (id != 0 && id != task.tid()) throw Errno.EINVAL.exception();
            return ofCurrentThread();
        }
        var process = id == 0 ? task.process() : task.process().pod().process(id);
        if (process == null) throw Errno.EINVAL.exception();
        return process.cpuTime();
    }

    /// A task's system calls run on its own thread.
    private static long ofCurrentThread() {
        return THREADS.isCurrentThreadCpuTimeSupported()
                ? Math.max(0, THREADS.getCurrentThreadCpuTime())
                : 0;
    }

    /// Whether one can sleep on a clock: those of CPU time are not waited for.
    static boolean canSleepOn(int clock) {
        return clock == Clock.REALTIME || clock == Clock.MONOTONIC || clock == Clock.BOOTTIME;
    }
}
