package podium.kernel;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/// CPU time of threads, in nanoseconds; 0 where the platform does not tell.
final class Cpu {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean KNOWN = THREADS.isThreadCpuTimeSupported();

    private Cpu() {}

    static long ofCurrentThread() {
        return KNOWN ? Math.max(0, THREADS.getCurrentThreadCpuTime()) : 0;
    }

    static long of(@Nullable Thread thread) {
        return KNOWN && thread != null
                ? Math.max(0, THREADS.getThreadCpuTime(thread.threadId()))
                : 0;
    }
}
