package podium.buildtool.node;

import java.io.PrintStream;

/// Tells of tests as they end: each that does not pass, and how far the run is, in a living line
/// on a terminal and now and then elsewhere.
final class Progress {

    private static final int LINES = 20;

    private final PrintStream out;
    private final boolean terminal;
    private final int total;
    private int done;
    private int failed;

    Progress(PrintStream out, boolean terminal, int total) {
        this.out = out;
        this.terminal = terminal;
        this.total = total;
    }

    synchronized void ended(Score score) {
        done++;
        if (score.outcome() == Outcome.FAILED || score.outcome() == Outcome.FLAKY) {
            failed++;
            line(
                    "%s %s: %s"
                            .formatted(
                                    score.outcome() == Outcome.FAILED ? "FAILED" : "flaky ",
                                    score.name(),
                                    score.verdict().reason()));
        }
        var state = "%d of %d, %d failed".formatted(done, total, failed);
        if (terminal && done < total) out.print("\r\033[K" + state + ", " + score.name());
        else if (done * LINES / total != (done - 1) * LINES / total) line(state);
        out.flush();
    }

    private void line(String text) {
        out.println(terminal ? "\r\033[K" + text : text);
    }
}
