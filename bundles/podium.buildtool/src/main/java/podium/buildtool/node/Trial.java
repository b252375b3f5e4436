package podium.buildtool.node;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.regex.Pattern;
import podium.pod.PodException;
import podium.pod.Result;

/// One test on one guest.
final class Trial {

    /// Counts the checks that a test makes, and says how many at the end.
    private static final String COUNTER = "count-checks.cjs";

    private static final Pattern COUNT =
            Pattern.compile("^checks made: ([1-9]\\d*)$", Pattern.MULTILINE);

    private final Guest guest;
    private final Duration timeout;

    Trial(Guest guest, Duration timeout) {
        this.guest = guest;
        this.timeout = timeout;
    }

    Verdict of(TestFile test) throws IOException, InterruptedException {
        if (test.isEmpty()) return Verdict.vacuous("has no code");
        try {
            var verdict = Verdict.of(run(test, ""));
            boolean doubtful = verdict.outcome() == Outcome.PASSED && test.isConditional();
            return doubtful && !makesChecks(test)
                    ? Verdict.vacuous("makes none of its checks here")
                    : verdict;
        } catch (PodException e) {
            return Verdict.failed("cannot be started: " + e.getMessage());
        }
    }

    /// Runs it once more, looked at. What ends otherwise then is given the benefit of the doubt:
    /// some tests are about what is changed by looking.
    private boolean makesChecks(TestFile test)
            throws IOException, PodException, InterruptedException {
        var result = run(test, "--require=" + guest.place(COUNTER));
        return result.status() != 0 || COUNT.matcher(result.error()).find();
    }

    private Result run(TestFile test, String option)
            throws IOException, PodException, InterruptedException {
        var arguments = new ArrayList<String>();
        if (!option.isEmpty()) arguments.add(option);
        arguments.addAll(test.flags());
        arguments.add(test.path());
        return guest.run(arguments, new HashMap<>(test.environment()), timeout);
    }
}
