package podium.buildtool.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests that are shell scripts, run by a program that is the shell.
class RunTest {

    @TempDir Path folder;

    private Path checkout;

    @BeforeEach
    void checkout() throws IOException {
        checkout = folder.resolve("checkout");
        for (var name : List.of("parallel", "sequential", "es-module"))
            Files.createDirectories(checkout.resolve("test").resolve(name));
        Files.writeString(checkout.resolve("test/parallel/test-a-passes.js"), "exit 0");
        Files.writeString(
                checkout.resolve("test/parallel/test-a-fails.js"), "echo 'Error: no' >&2; exit 1");
        Files.writeString(
                checkout.resolve("test/sequential/test-b-hangs.js"), "sleep 1000 & sleep 1000");
        Files.writeString(
                checkout.resolve("test/sequential/test-b-wavers.js"),
                "[ ! -e $NODE_TEST_DIR/was ] && touch $NODE_TEST_DIR/was");
    }

    private List<Score> run(String... more) throws Exception {
        var shell = folder.resolve("shell");
        Files.writeString(shell, "#!/bin/sh\nexec sh \"$1\"\n");
        Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwx------"));
        var arguments = new ArrayList<>(List.of("--timeout", "1", "--jobs", "2"));
        arguments.addAll(List.of(more));
        arguments.add(checkout.toString());
        var options = Options.parse(arguments.toArray(String[]::new));
        var suite = Suite.read(checkout);
        var tests = suite.tests(options::wants);
        var quiet = new PrintStream(OutputStream.nullOutputStream());
        var progress = new Progress(quiet, false, tests.size());
        return new Run(
                        suite,
                        options,
                        i -> new NativeGuest(shell, checkout, folder.resolve("work" + i), i),
                        progress)
                .of(tests);
    }

    private static Map<String, Verdict> verdicts(List<Score> scores) {
        var verdicts = new TreeMap<String, Verdict>();
        for (var score : scores) verdicts.put(score.name(), score.verdict());
        return verdicts;
    }

    @Test
    void eachTestHasItsVerdict() throws Exception {
        assertEquals(
                Map.of(
                        "parallel/test-a-passes",
                        Verdict.PASSED,
                        "parallel/test-a-fails",
                        Verdict.failed("Error: no"),
                        "sequential/test-b-hangs",
                        Verdict.failed("does not end"),
                        "sequential/test-b-wavers",
                        Verdict.PASSED),
                verdicts(run()));
    }

    @Test
    void whatDoesNotDoTheSameIsFlaky() throws Exception {
        var verdicts = verdicts(run("--times", "2", "--module", "a,b"));
        assertEquals(Outcome.FLAKY, verdicts.get("sequential/test-b-wavers").outcome());
        assertEquals(Outcome.FAILED, verdicts.get("parallel/test-a-fails").outcome());
    }

    @Test
    void theBaselineTellsWhatIsWorse() throws Exception {
        var file = folder.resolve("baseline");
        var suite = Suite.read(checkout);
        Baseline.read(file).update(run("--module", "a"), suite);
        assertEquals(
                List.of("parallel/test-a-fails failed Error: no", "parallel/test-a-passes passed"),
                Files.readAllLines(file));
        Files.writeString(checkout.resolve("test/parallel/test-a-passes.js"), "exit 1");
        Files.writeString(checkout.resolve("test/parallel/test-a-fails.js"), "exit 0");
        var baseline = Baseline.read(file);
        for (var score : run("--module", "a")) {
            boolean passed = score.name().endsWith("passes");
            assertEquals(passed, baseline.regresses(score));
            assertEquals(!passed, baseline.improves(score));
        }
        Files.delete(checkout.resolve("test/parallel/test-a-fails.js"));
        baseline.update(run("--module", "a"), Suite.read(checkout));
        assertEquals(
                List.of("parallel/test-a-passes failed exit status 1"), Files.readAllLines(file));
    }

    @Test
    void thePageHasWhatFails() throws Exception {
        var page = folder.resolve("page.md");
        var mark = "<!-- What follows is written by ./podium conformance node --write. -->";
        Files.writeString(page, "By hand.\n\n" + mark + "\nold\n");
        var baseline = Baseline.read(folder.resolve("baseline"));
        baseline.update(run("--module", "a"), Suite.read(checkout));
        var deno = Files.writeString(folder.resolve("deno"), "# files, passed\na 7 3\n");
        Differences.write(page, baseline, Peer.read(deno));
        var text = Files.readString(page);
        assertTrue(text.contains("| `a` | 1 | 1 | 0 | 0 | 0 | 50.0 | 3 of 7 |"), text);
        assertTrue(text.startsWith("By hand.\n\n" + mark + "\n\n| module |"), text);
        assertTrue(text.endsWith("### a\n\n- parallel/a-fails: `Error: no`\n"), text);
        assertFalse(text.contains("old"), text);
    }
}
