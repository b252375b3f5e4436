package podium.engine.jvm.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads from `/proc/self/smaps` (proc(5)) how much of a stretch of memory is private.
final class Residency {

    private static final Path SMAPS = Path.of("/proc/self/smaps");

    private Residency() {}

    /// @return bytes, or 0 if the system does not tell
    static long of(long from, long to) {
        long total = 0;
        boolean inside = false;
        try (var lines = Files.newBufferedReader(SMAPS)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                int dash = line.indexOf('-');
                if (dash > 0 && line.indexOf(':') != dash && isHex(line, dash)) {
                    long start = Long.parseUnsignedLong(line, 0, dash, 16);
                    inside = start >= from && start < to;
                } else if (inside && line.startsWith("Private_Dirty:")) {
                    var words = line.trim().split(" +");
                    total += Long.parseLong(words[1]) * 1024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
        return total;
    }

    private static boolean isHex(String line, int end) {
        for (int i = 0; i < end; i++) if (Character.digit(line.charAt(i), 16) < 0) return false;
        return true;
    }
}
