package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.vfs.MountSpec;

/// Programs that use packages of npm, each a folder of `programs`: `node .` in it does in a pod
/// what it does on the real Node.
class PackagesTest {

    private static final Path PROGRAMS = RealNode.ROOT.resolve("integration-tests/programs");

    @InjectService(timeout = 10_000)
    PodManager pods;

    @TempDir Path folder;

    @TestFactory
    Stream<DynamicTest> programs() throws IOException {
        try (var names = Files.list(PROGRAMS)) {
            var programs = names.filter(Files::isDirectory).sorted().toList();
            assertTrue(programs.size() > 10, () -> "too few programs in " + PROGRAMS);
            return programs.stream()
                    .map(program -> DynamicTest.dynamicTest(name(program), () -> same(program)));
        }
    }

    private static String name(Path program) {
        return program.getFileName().toString();
    }

    /// The pod has a copy of the folder in the same place, made before the real Node may write.
    private void same(Path program) throws Exception {
        var root = Files.createTempDirectory(folder, name(program));
        Files.copy(PROGRAMS.resolve("ask.js"), root.resolve("ask.js"));
        var copy = root.resolve(name(program));
        Packages.copy(program, copy);
        var mount = MountSpec.of(root.toString(), "memory").withOption("seed", root.toString());
        var spec = PodSpec.of("packages").withMount(mount);
        var start = List.of(".");
        var ours = PodNode.run(pods, spec, copy, PodNode.ENVIRONMENT, "", start);
        var real = RealNode.run(copy, PodNode.ENVIRONMENT, "", start);
        assertEquals(PodNode.evened(real), PodNode.evened(ours));
        assertTrue(ours.output().length() > 100, ours.output());
    }
}
