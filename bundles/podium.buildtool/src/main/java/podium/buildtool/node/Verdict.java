package podium.buildtool.node;

import java.util.regex.Pattern;
import podium.pod.Result;

/// What came of a test, and why.
///
/// @param reason one line; empty for a test that passed
record Verdict(Outcome outcome, String reason) {

    static final Verdict PASSED = new Verdict(Outcome.PASSED, "");

    private static final int LONGEST_REASON = 200;
    private static final int TIMED_OUT = 124;
    private static final int SIGNALLED = 128;

    /// Node's exit status for an invalid argument on its command line.
    private static final int INVALID_ARGUMENT = 9;

    /// TAP's way to skip all of a file; what `common.skip` prints.
    private static final Pattern SKIPPED =
            Pattern.compile("^1\\.\\.0 # Skipped:? *(.*)$", Pattern.MULTILINE);

    /// An option that the guest does not know, or refuses by name.
    private static final Pattern BAD_OPTION =
            Pattern.compile(
                    "(?m)^\\S*node\\S*: (bad option: .*|--\\S+ is not available here\\b.*)$");

    /// The message of an uncaught exception, or what `mustCall` says.
    private static final Pattern ERROR =
            Pattern.compile(
                    "^ *(?:Uncaught )?((?:\\w*Error|\\w*Exception|DOMException)\\b.*|Mismatched .*)$",
                    Pattern.MULTILINE);

    static Verdict skipped(String reason) {
        return new Verdict(Outcome.SKIPPED, line(reason));
    }

    static Verdict vacuous(String reason) {
        return new Verdict(Outcome.VACUOUS, line(reason));
    }

    static Verdict failed(String reason) {
        return new Verdict(Outcome.FAILED, line(reason));
    }

    /// What a run tells.
    static Verdict of(Result result) {
        if (result.status() == 0) {
            var skipped = SKIPPED.matcher(result.output());
            return skipped.find() ? vacuous("skips itself: " + skipped.group(1)) : PASSED;
        }
        if (result.status() == TIMED_OUT) return failed("does not end");
        if (result.status() == INVALID_ARGUMENT) {
            var option = BAD_OPTION.matcher(result.error());
            if (option.find()) return skipped(option.group(1));
        }
        return failed(reason(result));
    }

    private static String reason(Result result) {
        for (var text : new String[] {result.error(), result.output()}) {
            var error = ERROR.matcher(text);
            if (error.find()) return error.group(1);
        }
        var status =
                result.status() > SIGNALLED
                        ? "ended by signal " + (result.status() - SIGNALLED)
                        : "exit status " + result.status();
        var last = (result.error() + "\n" + result.output()).strip();
        return last.isEmpty() ? status : status + ": " + last.substring(last.lastIndexOf('\n') + 1);
    }

    private static String line(String text) {
        var line = text.strip().replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
    }
}
