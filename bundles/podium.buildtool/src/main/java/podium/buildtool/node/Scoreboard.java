package podium.buildtool.node;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import podium.json.Json;

/// The outcomes of tests, by module.
final class Scoreboard {

    private static final String ROW = "%-20s %7s %7s %7s %8s %6s %8s%n";

    private final TreeMap<String, Tally> modules = new TreeMap<>();
    private final Tally all = new Tally();

    void add(String module, Outcome outcome) {
        modules.computeIfAbsent(module, _ -> new Tally()).add(outcome);
        all.add(outcome);
    }

    void print(PrintStream out) {
        out.printf(ROW, "module", "passed", "failed", "skipped", "vacuous", "flaky", "passed %");
        modules.forEach((module, tally) -> row(out, module, tally));
        row(out, "all", all);
    }

    private static void row(PrintStream out, String name, Tally tally) {
        out.printf(ROW, cells(name, tally).toArray());
    }

    private static List<String> cells(String name, Tally tally) {
        var cells = new ArrayList<>(List.of(name));
        for (var outcome : Outcome.values()) cells.add(Integer.toString(tally.of(outcome)));
        cells.add("%.1f".formatted(tally.share()));
        return cells;
    }

    /// A table for a Markdown page, with Deno beside it.
    List<String> markdown(Peer deno) {
        var lines = new ArrayList<String>();
        lines.add(
                "| module | passed | failed | skipped | vacuous | flaky | passed % | Deno, files |");
        lines.add("|---|---:|---:|---:|---:|---:|---:|---:|");
        modules.forEach(
                (module, tally) -> lines.add(line("`" + module + "`", tally, deno.share(module))));
        lines.add(line("**all**", all, ""));
        return lines;
    }

    private static String line(String name, Tally tally, String peer) {
        return "| " + String.join(" | ", cells(name, tally)) + " | " + peer + " |";
    }

    /// In per cent; see [Tally#share].
    double share(String module) {
        return modules.getOrDefault(module, new Tally()).share();
    }

    /// What a program reads: totals by module, and the tests.
    String json(String guest, List<Score> scores) {
        var totals = new LinkedHashMap<String, @Nullable Object>();
        modules.forEach((module, tally) -> totals.put(module, counts(tally)));
        var tests = new ArrayList<@Nullable Object>();
        for (var score : scores) {
            var test = new LinkedHashMap<String, @Nullable Object>();
            test.put("name", score.name());
            test.put("module", score.test().module());
            test.put("outcome", score.outcome().word());
            test.put("reason", score.verdict().reason());
            test.put("seconds", score.time().toMillis() / 1000.0);
            tests.add(test);
        }
        var board = new LinkedHashMap<String, @Nullable Object>();
        board.put("guest", guest);
        board.put("total", counts(all));
        board.put("modules", totals);
        board.put("tests", tests);
        return Json.write(board);
    }

    private static Map<String, @Nullable Object> counts(Tally tally) {
        var counts = new LinkedHashMap<String, @Nullable Object>();
        for (var outcome : Outcome.values()) counts.put(outcome.word(), (double) tally.of(outcome));
        return counts;
    }
}
