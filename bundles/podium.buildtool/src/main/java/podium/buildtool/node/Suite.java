package podium.buildtool.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The tests of a checkout of Node.
final class Suite {

    private static final List<String> FOLDERS = List.of("parallel", "sequential", "es-module");

    /// As test/testpy of the checkout has it.
    private static final Pattern FILE = Pattern.compile("test-.*\\.m?js");

    private final List<TestFile> tests = new ArrayList<>();
    private final Set<String> leftOut = new HashSet<>();

    private Suite() {}

    /// @throws IOException there is no such checkout, or it cannot be read
    static Suite read(Path checkout) throws IOException {
        var suite = new Suite();
        for (var name : FOLDERS) {
            var folder = checkout.resolve("test").resolve(name);
            if (!Files.isDirectory(folder))
                throw new IOException("no checkout of Node: " + folder + " is not there");
            try (var files = Files.list(folder)) {
                for (var file : files.sorted().toList())
                    if (FILE.matcher(file.getFileName().toString()).matches())
                        suite.tests.add(TestFile.read(checkout, file));
            }
            for (var test : StatusFile.skipped(folder)) suite.leftOut.add(name + "/" + test);
        }
        return suite;
    }

    List<TestFile> tests(Predicate<TestFile> wanted) {
        return tests.stream().filter(wanted).toList();
    }

    /// Whether Node's own runner leaves a test out.
    boolean leavesOut(TestFile test) {
        return leftOut.contains(test.name());
    }
}
