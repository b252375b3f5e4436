package podium.buildtool.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is known to come of each test: a file with a line for each, its name, the outcome, and the
/// reason if it did not pass, in the order of names.
final class Baseline {

    private final Path file;
    private final TreeMap<String, Verdict> verdicts = new TreeMap<>();

    private Baseline(Path file) {
        this.file = file;
    }

    /// @param file need not exist yet
    static Baseline read(Path file) throws IOException {
        var baseline = new Baseline(file);
        if (!Files.exists(file)) return baseline;
        for (var line : Files.readAllLines(file)) {
            var words = line.split(" ", 3);
            if (words.length < 2) throw new IOException(file + ": no test and outcome: " + line);
            var reason = words.length == 3 ? words[2] : "";
            try {
                baseline.verdicts.put(words[0], new Verdict(Outcome.of(words[1]), reason));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ": no outcome: " + words[1], e);
            }
        }
        return baseline;
    }

    boolean passes(TestFile test) {
        var known = verdicts.get(test.name());
        return known != null && known.outcome() == Outcome.PASSED;
    }

    /// Whether a test is worse than it was known to be.
    boolean regresses(Score score) {
        return passes(score.test()) && score.outcome() != Outcome.PASSED;
    }

    /// Whether a test is known to be flaky or not to pass, and now passes.
    boolean improves(Score score) {
        return score.outcome() == Outcome.PASSED && !passes(score.test());
    }

    /// Takes over what came of tests, and forgets those that the suite has no more.
    void update(Collection<Score> scores, Suite suite) throws IOException {
        for (var score : scores) verdicts.put(score.name(), score.verdict());
        var names = suite.tests(_ -> true).stream().map(TestFile::name).toList();
        verdicts.keySet().retainAll(names);
        var lines = new ArrayList<String>();
        verdicts.forEach(
                (name, verdict) ->
                        lines.add(
                                (name + " " + verdict.outcome().word() + " " + verdict.reason())
                                        .strip()));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    /// All verdicts, by the names of the tests.
    Map<String, Verdict> verdicts() {
        return verdicts;
    }

    @Nullable Verdict verdict(String name) {
        return verdicts.get(name);
    }
}
