package podium.buildtool.node;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;

/// A run of tests over several guests.
final class Run {

    /// Makes the guests.
    interface Guests {

        Guest make(int number) throws IOException;
    }

    private final Suite suite;
    private final Options options;
    private final Guests guests;
    private final Progress progress;
    private final ConcurrentLinkedQueue<Score> scores = new ConcurrentLinkedQueue<>();

    Run(Suite suite, Options options, Guests guests, Progress progress) {
        this.suite = suite;
        this.options = options;
        this.guests = guests;
        this.progress = progress;
    }

    /// Those of `sequential` one at a time, at the end.
    List<Score> of(List<TestFile> tests) throws IOException, InterruptedException {
        var alone = tests.stream().filter(test -> test.name().startsWith("sequential/")).toList();
        var others = new ArrayList<>(tests);
        others.removeAll(alone);
        run(others, options.jobs);
        run(alone, 1);
        return scores.stream().sorted(Comparator.comparing(Score::name)).toList();
    }

    private void run(List<TestFile> tests, int jobs) throws IOException, InterruptedException {
        var queue = new ConcurrentLinkedQueue<>(tests);
        try (var threads = Executors.newFixedThreadPool(jobs)) {
            var all = new ExecutorCompletionService<Integer>(threads);
            for (int i = 0; i < jobs; i++) all.submit(worker(queue, i));
            for (int i = 0; i < jobs; i++) all.take().get();
        } catch (ExecutionException e) {
            throw new IOException("a test could not be run: " + e.getCause(), e);
        }
    }

    private Callable<Integer> worker(ConcurrentLinkedQueue<TestFile> queue, int number) {
        return () -> {
            int count = 0;
            try (var guest = guests.make(number)) {
                var trial = new Trial(guest, options.timeout);
                for (var test = queue.poll(); test != null; test = queue.poll(), count++)
                    score(trial, test);
            } catch (IOException | InterruptedException | RuntimeException e) {
                queue.clear();
                throw e;
            }
            return count;
        };
    }

    private void score(Trial trial, TestFile test) throws IOException, InterruptedException {
        long before = System.nanoTime();
        var verdict = verdict(trial, test);
        var time = Duration.ofNanos((System.nanoTime() - before) / options.times);
        var score = new Score(test, verdict, time);
        scores.add(score);
        progress.ended(score);
    }

    private Verdict verdict(Trial trial, TestFile test) throws IOException, InterruptedException {
        if (suite.leavesOut(test)) return Verdict.skipped("Node's own runner leaves it out");
        var first = trial.of(test);
        for (int i = 1; i < options.times; i++) {
            var other = trial.of(test);
            if (other.outcome() == first.outcome()) continue;
            var worse = other.outcome() == Outcome.PASSED ? first : other;
            return new Verdict(Outcome.FLAKY, worse.reason());
        }
        return first;
    }
}
