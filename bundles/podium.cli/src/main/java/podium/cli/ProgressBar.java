package podium.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A line about something that takes longer than two seconds, on a terminal.
final class ProgressBar {

    private static final long PATIENCE = 2_000_000_000;
    private static final int WIDTH = 24;

    private final PrintStream out;
    private final boolean terminal;
    private final long begin = System.nanoTime();
    private boolean shown;

    ProgressBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// @param frame what [FsSession#progress] sent
    void show(byte[] frame) {
        if (!terminal || System.nanoTime() - begin < PATIENCE) return;
        out.print("\r\033[K" + text(new String(frame, StandardCharsets.US_ASCII)));
        out.flush();
        shown = true;
    }

    static String text(String frame) {
        var numbers = frame.split(" ");
        long entries = Long.parseLong(numbers[0]);
        long bytes = Long.parseLong(numbers[1]);
        long total = Long.parseLong(numbers[2]);
        var done = FsSubcommand.count(entries, "file") + ", " + FsSubcommand.size(bytes);
        if (total <= 0) return done;
        int full = (int) Math.clamp(WIDTH * bytes / (double) total, 0, WIDTH);
        return "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] " + done;
    }

    /// Makes room for other output.
    void clear() {
        if (shown) out.print("\r\033[K");
        shown = false;
        out.flush();
    }
}
