package podium.buildtool.node;

import java.time.Duration;

/// What came of one test, and how long it took.
record Score(TestFile test, Verdict verdict, Duration time) {

    String name() {
        return test.name();
    }

    Outcome outcome() {
        return verdict.outcome();
    }
}
