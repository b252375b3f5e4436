package podium.buildtool.node;

import java.util.Locale;

/// What came of a test; tables have them in this order.
enum Outcome {
    /// It ended with status 0, having tested something.
    PASSED,
    /// It ended otherwise, or not in time.
    FAILED,
    /// It was not run to a verdict: Node's own runner leaves it out here, or the guest has not an
    /// option it is to be started with.
    SKIPPED,
    /// It ended with status 0, but says itself that it tested nothing, or made none of its checks.
    VACUOUS,
    /// It did not do the same each time.
    FLAKY;

    /// As it is written in files and shown.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException there is no such outcome
    static Outcome of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
