package podium.buildtool.wast;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Prints what came of the scripts.
final class Report {

    /// Failures that are shown of each script.
    private static final int SHOWN = 3;

    private final PrintStream out;
    private final List<Outcome> outcomes = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    void add(Outcome outcome) {
        outcomes.add(outcome);
    }

    boolean good() {
        return outcomes.stream().allMatch(outcome -> outcome.failures().isEmpty());
    }

    void line(Outcome outcome) {
        int refused = outcome.refusals().size();
        out.printf("%5d/%-5d %s", outcome.passed(), outcome.total(), outcome.script());
        if (refused > 0) out.printf(" (%d refused: %s)", refused, reasons(outcome));
        out.println();
        for (var failure : outcome.failures().stream().limit(SHOWN).toList())
            out.printf("      line %d: %s%n", failure.line(), failure.message());
        int more = outcome.failures().size() - SHOWN;
        if (more > 0) out.printf("      and %d more%n", more);
        out.flush();
    }

    /// The commonest reason.
    private static String reasons(Outcome outcome) {
        Map<String, Integer> counts = new TreeMap<>();
        for (var refusal : outcome.refusals()) counts.merge(refusal.message(), 1, Integer::sum);
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }

    void sum() {
        int passed = 0;
        int total = 0;
        int failed = 0;
        int refused = 0;
        int skipped = 0;
        for (var outcome : outcomes) {
            passed += outcome.passed();
            total += outcome.total();
            failed += outcome.failures().size();
            refused += outcome.refusals().size();
            skipped += outcome.skipped();
        }
        out.printf(
                "%d/%d passed, %d failed, %d refused as unsupported; %d checks of the text format left out%n",
                passed, total, failed, refused, skipped);
        out.flush();
    }

    void json(String engine) {
        out.printf("{\"engine\": %s, \"scripts\": [", quote(engine));
        var separator = "";
        for (var outcome : outcomes) {
            out.printf(
                    "%s%n  {\"script\": %s, \"passed\": %d, \"total\": %d, \"skipped\": %d, ",
                    separator,
                    quote(outcome.script()),
                    outcome.passed(),
                    outcome.total(),
                    outcome.skipped());
            list("failures", outcome.failures());
            out.print(", ");
            list("refusals", outcome.refusals());
            out.print("}");
            separator = ",";
        }
        out.printf("%n]}%n");
        out.flush();
    }

    private void list(String name, List<Outcome.Failure> entries) {
        out.printf("%s: [", quote(name));
        var separator = "";
        for (var entry : entries) {
            out.printf(
                    "%s{\"line\": %d, \"message\": %s}",
                    separator, entry.line(), quote(entry.message()));
            separator = ", ";
        }
        out.print("]");
    }

    private static String quote(String text) {
        var quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') quoted.append('\\').append(c);
            else if (c < ' ') quoted.append("\\u%04x".formatted((int) c));
            else quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
