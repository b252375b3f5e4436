package podium.syscall.time;

import java.util.HashMap;
import java.util.Map;
import podium.syscall.Process;

/// The timers of a pod's processes. Thread-safe.
final class PodTimers implements AutoCloseable {

    private final Map<Integer, ProcessTimers> processes = new HashMap<>();

    synchronized ProcessTimers of(Process process, TimerQueue queue) {
        // Those of processes that have ended go when another one sets a timer.
        processes.entrySet().removeIf(e -> process.pod().process(e.getKey()) == null);
        var known = processes.get(process.pid());
        if (known != null && known.isOf(process)) return known;
        var made = new ProcessTimers(process, queue);
        processes.put(process.pid(), made);
        return made;
    }

    /// Whether a process has a timer.
    synchronized boolean has(Process process) {
        var known = processes.get(process.pid());
        return known != null && known.isOf(process) && known.any();
    }

    @Override
    public synchronized void close() {
        for (var timers : processes.values()) timers.close();
        processes.clear();
    }
}
