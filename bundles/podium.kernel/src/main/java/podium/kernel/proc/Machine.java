package podium.kernel.proc;

import podium.syscall.Clock;
import podium.syscall.PodContext;

/// Texts about the machine, which is the pod.
final class Machine {

    private static final long SECOND = 1_000_000_000;

    private Machine() {}

    static String cpus() {
        var text = new StringBuilder();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++)
            text.append("processor\t: ").append(i).append("\nmodel name\t: WebAssembly\n\n");
        return text.toString();
    }

    static String uptime() {
        long hundredths = Clock.monotonic() / (SECOND / 100);
        return "%d.%02d 0.00\n".formatted(hundredths / 100, hundredths % 100);
    }

    static String load(PodContext pod) {
        int processes = pod.processes().size();
        return "0.00 0.00 0.00 1/" + processes + " " + processes + "\n";
    }

    /// The greatest memory of a process is what the machine has.
    static String memory(PodContext pod) {
        long total = 0;
        long used = 0;
        for (var process : pod.processes()) {
            total = process.limits().memory();
            used += process.addressSpace().mapped();
        }
        long free = Math.max(0, total - used);
        return """
        MemTotal:       %8d kB
        MemFree:        %8d kB
        MemAvailable:   %8d kB
        Buffers:               0 kB
        Cached:                0 kB
        SwapTotal:             0 kB
        SwapFree:              0 kB
        """
                .formatted(total >> 10, free >> 10, free >> 10);
    }

    static String statistics(PodContext pod) {
        long ticks = 0;
        for (var process : pod.processes()) ticks += process.cpuTime() / (SECOND / 100);
        var text = new StringBuilder("cpu  " + ticks + " 0 0 0 0 0 0 0 0 0\n");
        int count = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < count; i++)
            text.append("cpu" + i + " " + ticks / count + " 0 0 0 0 0 0 0 0 0\n");
        long boot = (Clock.realtime() - Clock.monotonic()) / SECOND;
        text.append("btime " + boot + "\nprocesses " + pod.processes().size() + "\n");
        return text.toString();
    }
}
