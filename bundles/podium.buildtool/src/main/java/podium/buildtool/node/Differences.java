package podium.buildtool.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The page about what differs from Node: what stands behind its mark is made from the baseline.
final class Differences {

    private static final String MARK =
            "<!-- What follows is written by ./podium conformance node --write. -->";

    /// Below this much, in per cent, a module is not there, and its tests tell nothing one by one.
    private static final int THERE = 50;

    private Differences() {}

    static void write(Path page, Baseline baseline, Peer deno) throws IOException {
        var text = Files.readString(page);
        int mark = text.indexOf(MARK);
        if (mark < 0) throw new IOException(page + " has no line " + MARK);
        var lines = new ArrayList<>(List.of(text.substring(0, mark) + MARK, ""));
        lines.addAll(generated(baseline, deno));
        Files.write(page, lines);
    }

    private static List<String> generated(Baseline baseline, Peer deno) {
        var board = new Scoreboard();
        var failures = new TreeMap<String, List<String>>();
        for (var entry : baseline.verdicts().entrySet()) {
            var module = Area.of(entry.getKey());
            board.add(module, entry.getValue().outcome());
            if (!isFailure(entry.getValue())) continue;
            failures.computeIfAbsent(module, _ -> new ArrayList<>()).add(line(entry));
        }
        var lines = new ArrayList<>(board.markdown(deno));
        lines.addAll(List.of("", "## Tests that fail", ""));
        lines.add("Of modules of which less than half passes, see the baseline.");
        lines.add("");
        failures.forEach(
                (module, tests) -> {
                    if (board.share(module) < THERE) return;
                    lines.add("### " + module);
                    lines.add("");
                    lines.addAll(tests);
                    lines.add("");
                });
        lines.removeLast();
        return lines;
    }

    private static boolean isFailure(Verdict verdict) {
        return verdict.outcome() == Outcome.FAILED || verdict.outcome() == Outcome.FLAKY;
    }

    private static String line(Map.Entry<String, Verdict> entry) {
        var name = entry.getKey().replaceFirst("test-", "");
        var flaky = entry.getValue().outcome() == Outcome.FLAKY ? "(flaky) " : "";
        var reason = entry.getValue().reason().replace("`", "'");
        return "- " + name + ": " + flaky + (reason.isEmpty() ? "" : "`" + reason + "`");
    }
}
