package podium.posix;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import podium.json.Json;

/// What came of the expectations: on Linux, and on a pod's file systems of those that Linux meets.
final class Board {

    /// Of one group of scripts.
    private static final class Row {
        int all;
        int linux;
        final Map<Backend, Integer> met = new LinkedHashMap<>();
    }

    private final List<Backend> backends;
    private final TreeMap<String, Row> rows = new TreeMap<>();
    private final Map<Backend, List<String>> failures = new LinkedHashMap<>();

    Board(List<Backend> backends) {
        this.backends = backends;
        for (var backend : backends) failures.put(backend, new ArrayList<>());
    }

    /// @param linux what came of a script's expectations, by number
    /// @param pods the same in pods
    void add(
            Script script,
            Map<Integer, String> linux,
            Map<Backend, ? extends Map<Integer, String>> pods) {
        var row = rows.computeIfAbsent(script.group(), _ -> new Row());
        linux.forEach(
                (number, outcome) -> {
                    row.all++;
                    if (!outcome.isEmpty()) return;
                    row.linux++;
                    pods.forEach(
                            (backend, of) -> add(row, backend, script, number, of.get(number)));
                });
    }

    private void add(
            Row row, Backend backend, Script script, int number, @Nullable String outcome) {
        if (outcome != null && outcome.isEmpty()) row.met.merge(backend, 1, Integer::sum);
        else
            failures(backend)
                    .add(
                            "%s %d: %s"
                                    .formatted(
                                            script.name(),
                                            number,
                                            outcome == null ? "not tried" : outcome));
    }

    /// Expectations that Linux meets and a backend does not.
    List<String> failures(Backend backend) {
        return failures.computeIfAbsent(backend, _ -> new ArrayList<>());
    }

    boolean allMet() {
        return failures.values().stream().allMatch(List::isEmpty);
    }

    void print(PrintStream out) {
        failures.forEach(
                (backend, lines) ->
                        lines.forEach(line -> out.printf("FAILED %s %s%n", backend, line)));
        out.printf("%-16s %7s %7s", "", "all", "Linux");
        for (var backend : backends) out.printf(" %8s", backend);
        out.println();
        rows.forEach((group, row) -> print(out, group, row));
        print(out, "all", total());
    }

    private void print(PrintStream out, String group, Row row) {
        out.printf("%-16s %7d %7d", group, row.all, row.linux);
        for (var backend : backends) out.printf(" %8d", row.met.getOrDefault(backend, 0));
        out.println();
    }

    private Row total() {
        var total = new Row();
        for (var row : rows.values()) {
            total.all += row.all;
            total.linux += row.linux;
            row.met.forEach((backend, met) -> total.met.merge(backend, met, Integer::sum));
        }
        return total;
    }

    /// What a program reads: totals, and what failed, by backend.
    String json() {
        var total = total();
        var of = new LinkedHashMap<String, @Nullable Object>();
        for (var backend : backends) {
            var one = new LinkedHashMap<String, @Nullable Object>();
            one.put("met", (double) total.met.getOrDefault(backend, 0));
            one.put("failed", new ArrayList<@Nullable Object>(failures(backend)));
            of.put(backend.toString(), one);
        }
        var board = new LinkedHashMap<String, @Nullable Object>();
        board.put("expectations", (double) total.all);
        board.put("linux", (double) total.linux);
        board.put("backends", of);
        return Json.write(board);
    }
}
