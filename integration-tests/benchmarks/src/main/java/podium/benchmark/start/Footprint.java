package podium.benchmark.start;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory that this process has to itself. Of the Java heap what is in use, so it is to be told
/// from the rest: all of it must be the process's from the start (`-Xms`, `-XX:+AlwaysPreTouch`).
final class Footprint {

    private static final Path SMAPS = Path.of("/proc/self/smaps_rollup");

    private Footprint() {}

    /// In bytes.
    static long now() throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return heap + ownPages();
    }

    /// Bytes of pages that no other process and no file shares, see proc(5).
    private static long ownPages() throws IOException {
        long kilobytes = 0;
        for (var line : Files.readAllLines(SMAPS))
            if (line.startsWith("Private_Clean:") || line.startsWith("Private_Dirty:"))
                kilobytes += Long.parseLong(line.replaceAll("\\D+", ""));
        return kilobytes * 1024;
    }
}
