package podium.buildtool.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import podium.pod.Result;

class VerdictTest {

    private static void assertVerdict(Outcome outcome, String reason, Result result) {
        assertEquals(new Verdict(outcome, reason), Verdict.of(result));
    }

    @Test
    void statusZeroIsPassed() {
        assertVerdict(Outcome.PASSED, "", new Result(0, "any\n", "Error: told, not thrown\n"));
    }

    @Test
    void whatSkipsItselfIsVacuous() {
        assertVerdict(
                Outcome.VACUOUS,
                "skips itself: missing crypto",
                new Result(0, "a\n1..0 # Skipped: missing crypto\n", ""));
    }

    @Test
    void anOptionThatIsNotThereIsSkipped() {
        assertVerdict(
                Outcome.SKIPPED,
                "bad option: --natives-syntax",
                new Result(9, "", "/usr/bin/node: bad option: --natives-syntax\n"));
        assertVerdict(Outcome.FAILED, "exit status 9", new Result(9, "", ""));
    }

    @Test
    void theReasonIsTheError() {
        var error = "/node/x.js:3\n  throw e;\n  ^\n\nTypeError [ERR_X]: wrong\n    at x.js:3:1\n";
        assertVerdict(Outcome.FAILED, "TypeError [ERR_X]: wrong", new Result(1, "", error));
        assertVerdict(
                Outcome.FAILED,
                "Mismatched noop function calls. Expected exactly 1, actual 0.",
                new Result(
                        1, "Mismatched noop function calls. Expected exactly 1, actual 0.\n", ""));
    }

    @Test
    void withoutOneItIsTheStatus() {
        assertVerdict(Outcome.FAILED, "does not end", new Result(124, "", "Error: x\n"));
        assertVerdict(Outcome.FAILED, "ended by signal 6", new Result(134, "", ""));
        assertVerdict(Outcome.FAILED, "exit status 3: last", new Result(3, "", "first\nlast\n"));
    }
}
