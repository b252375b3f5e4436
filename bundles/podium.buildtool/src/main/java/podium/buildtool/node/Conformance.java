package podium.buildtool.node;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import podium.buildtool.Assembly;
import podium.cli.Trees;

/// Runs Node's own tests on the guest in pods, tells how many passed in each module, and compares
/// with the baseline: `conformance node DIR`. Exit status 0 if nothing fails that the baseline has
/// as passing, 1 if something does, 2 if it could not run.
public final class Conformance {

    private final Options options;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Conformance(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            System.exit(new Conformance(Options.parse(arguments)).run() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(Options.USAGE + ": " + e.getMessage());
        } catch (IOException e) {
            System.err.println("conformance: " + e.getMessage());
        }
        System.exit(2);
    }

    private boolean run() throws IOException, InterruptedException {
        var suite = Suite.read(options.checkout);
        var baseline = Baseline.read(options.baseline);
        var tests =
                suite.tests(
                        test -> options.wants(test) && (!options.passing || baseline.passes(test)));
        if (tests.isEmpty()) throw new IOException("no such tests");
        var scores = scores(suite, tests);
        var board = new Scoreboard();
        for (var score : scores) board.add(score.test().module(), score.outcome());
        board.print(out);
        var guest = options.program == null ? "pod" : options.program.toString();
        if (options.json != null) Files.writeString(options.json, board.json(guest, scores) + "\n");
        if (options.write) {
            baseline.update(scores, suite);
            Differences.write(options.differences, baseline, Peer.read(options.deno));
            return true;
        }
        return compare(scores, baseline);
    }

    private List<Score> scores(Suite suite, List<TestFile> tests)
            throws IOException, InterruptedException {
        var program = options.program;
        if (program == null) return inPods(suite, tests);
        var work = Files.createTempDirectory("podium-node-tests");
        try {
            return run(
                    suite,
                    tests,
                    i -> new NativeGuest(program, options.checkout, work.resolve("" + i), i));
        } finally {
            Trees.remove(work);
        }
    }

    private List<Score> inPods(Suite suite, List<TestFile> tests)
            throws IOException, InterruptedException {
        try (var system = new Assembly()) {
            PodGuest.prepare(system, options.modules);
            return run(suite, tests, i -> new PodGuest(system, options, i));
        }
    }

    private List<Score> run(Suite suite, List<TestFile> tests, Run.Guests guests)
            throws IOException, InterruptedException {
        var progress = new Progress(out, System.console() != null, tests.size());
        return new Run(suite, options, guests, progress).of(tests);
    }

    private boolean compare(List<Score> scores, Baseline baseline) {
        var worse = scores.stream().filter(baseline::regresses).toList();
        var better = scores.stream().filter(baseline::improves).count();
        for (var score : worse)
            out.printf(
                    "WORSE than the baseline: %s %s: %s%n",
                    score.name(), score.outcome().word(), score.verdict().reason());
        if (better > 0)
            out.printf("%d passed that the baseline has not as passing (--write)%n", better);
        return worse.isEmpty();
    }
}
