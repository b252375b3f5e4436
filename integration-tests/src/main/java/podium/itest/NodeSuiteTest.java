package podium.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.Result;
import podium.vfs.MountSpec;

/// The guest's own suite, each case in a pod of its own: what the real Node writes and returns, so
/// does the guest. A case is a program in a folder of the suite, whose first line may be `// Flags:
/// ...`, or a line of the suite's file `command-lines`. Those in its file `differences` must
/// differ.
class NodeSuiteTest {

    private static final Path SUITE =
            RealNode.ROOT.resolve("bundles/podium.guest.node/src/test/js");

    @InjectService(timeout = 10_000)
    PodManager pods;

    /// Where cases write; the pod has an empty one in the same place.
    @TempDir Path scratch;

    /// @param name in the report
    /// @param arguments of Node
    private record Case(String name, List<String> arguments, String input) {}

    private static List<String> lines(String file) throws IOException {
        try (var lines = Files.lines(SUITE.resolve(file))) {
            return lines.filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> programs() throws IOException {
        try (var files = Files.walk(SUITE, 2)) {
            var cases = new ArrayList<Case>();
            for (var file : files.sorted().toList())
                if (file.toString().matches(".*\\.m?[jt]s") && !SUITE.equals(file.getParent()))
                    cases.add(program(file));
            assertTrue(cases.size() > 10, () -> "too few programs in " + SUITE);
            return cases.stream().map(this::test);
        }
    }

    private static Case program(Path file) throws IOException {
        var name = SUITE.relativize(file).toString();
        var first = Files.readString(file).lines().findFirst().orElse("");
        var arguments = new ArrayList<String>();
        if (first.startsWith("// Flags: "))
            arguments.addAll(List.of(first.substring(10).split(" ")));
        arguments.add(name);
        return new Case(name, arguments, "");
    }

    @TestFactory
    Stream<DynamicTest> commandLines() throws Exception {
        var cases = new ArrayList<Case>();
        for (var line : lines("command-lines")) cases.add(commandLine(line));
        assertTrue(cases.size() > 40, () -> "too few lines in " + SUITE);
        return cases.stream().map(this::test);
    }

    private static Case commandLine(String line) throws Exception {
        int mark = line.indexOf(" <<< ");
        var words = mark < 0 ? line : line.substring(0, mark);
        return new Case(line, split(words), mark < 0 ? "" : line.substring(mark + 5));
    }

    /// The words as a shell would split them.
    private static List<String> split(String words) throws Exception {
        var script = "for word; do printf '%s\\n' \"$word\"; done";
        var shell =
                new ProcessBuilder("sh", "-c", "set -- " + words + "\n" + script)
                        .directory(SUITE.toFile())
                        .start();
        var lines = new String(shell.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertEquals(0, shell.waitFor(), words);
        return lines;
    }

    private DynamicTest test(Case wanted) {
        return DynamicTest.dynamicTest(
                wanted.name,
                () -> {
                    var real = PodNode.evened(onTheRealNode(wanted));
                    var ours = PodNode.evened(inAPod(wanted));
                    if (lines("differences").contains(wanted.name)) assertNotEquals(real, ours);
                    else assertEquals(real, ours);
                });
    }

    private Map<String, String> environment() {
        var all = new HashMap<>(PodNode.ENVIRONMENT);
        all.put("NODE_TEST_TMP", scratch.toString());
        return all;
    }

    private Result onTheRealNode(Case wanted) throws Exception {
        return RealNode.run(SUITE, environment(), wanted.input, wanted.arguments);
    }

    private Result inAPod(Case wanted) throws Exception {
        var spec =
                PodSpec.of("suite")
                        .withMount(
                                MountSpec.of(SUITE.toString(), "memory")
                                        .withOption("seed", SUITE.toString()))
                        .withMount(MountSpec.of(scratch.toString(), "memory"));
        return PodNode.run(pods, spec, SUITE, environment(), wanted.input, wanted.arguments);
    }

    @Test
    void caseIsSplitAsAShellDoes() throws Exception {
        assertEquals(List.of("-e", "a \"b\"", "", "c"), split("-e 'a \"b\"' '' c"));
        assertEquals(List.of(), split(""));
    }
}
