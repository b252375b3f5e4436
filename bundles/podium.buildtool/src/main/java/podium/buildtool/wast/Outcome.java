package podium.buildtool.wast;

import java.util.ArrayList;
import java.util.List;

/// What came of a script's commands.
final class Outcome {

    /// @param line in the script, from 1
    record Failure(int line, String message) {}

    private final String script;
    private final List<Failure> failures = new ArrayList<>();
    private final List<Failure> refusals = new ArrayList<>();
    private int passed;
    private int skipped;

    Outcome(String script) {
        this.script = script;
    }

    String script() {
        return script;
    }

    void pass() {
        passed++;
    }

    /// A command that checks the text format, which is no engine's business.
    void skip() {
        skipped++;
    }

    void fail(int line, String message) {
        failures.add(new Failure(line, message));
    }

    /// A command that needs a module which the engine, or the converter, refused by name.
    void refuse(int line, String message) {
        refusals.add(new Failure(line, message));
    }

    int passed() {
        return passed;
    }

    int skipped() {
        return skipped;
    }

    List<Failure> failures() {
        return failures;
    }

    List<Failure> refusals() {
        return refusals;
    }

    int total() {
        return passed + failures.size() + refusals.size();
    }
}
