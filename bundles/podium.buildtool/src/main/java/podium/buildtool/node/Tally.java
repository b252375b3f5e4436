package podium.buildtool.node;

import java.util.EnumMap;

/// How many tests there are of each outcome.
final class Tally {

    private final EnumMap<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

    void add(Outcome outcome) {
        counts.merge(outcome, 1, Integer::sum);
    }

    int of(Outcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    /// The part that passed of those that passed or did not, in per cent; 100 if there are none.
    double share() {
        int passed = of(Outcome.PASSED);
        int run = passed + of(Outcome.FAILED) + of(Outcome.FLAKY);
        return run == 0 ? 100 : 100.0 * passed / run;
    }
}
