package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// HotSpot compiles every method of the Node guest it is asked to compile: one that a compiler
/// refuses is interpreted for good, a hundred times slower, and nothing else tells of it.
class CompilableTest {

    private static final Path PROGRAMS =
            Program.ROOT.resolve("bundles/podium.guest.node/src/main/train");

    @TempDir Path folder;

    /// Each compiler in turn compiles whatever is called, before its first call. The build checks
    /// the rest by C1 alone.
    @ParameterizedTest
    @CsvSource({"language.js, 3", "language.js, 4"})
    void noMethodIsSkipped(String program, int tier) throws Exception {
        var options =
                "-Xcomp -XX:-BackgroundCompilation -XX:TieredStopAtLevel=%d".formatted(tier)
                        + " -XX:CompileCommand=quiet -XX:CompileCommand=compileonly,wasm.*::*"
                        + " -XX:+PrintCompilation";
        var script = PROGRAMS.resolve(program).toString();
        var ended = Program.run(folder, Map.of("PODIUM_OPTS", options), List.of("run", script));
        assertEquals(0, ended.status(), ended.error());
        var compilations = ended.output().lines().filter(line -> line.contains(" wasm.")).toList();
        assertTrue(compilations.size() > 1_000, () -> compilations.size() + " compilations");
        assertEquals(List.of(), ended.output().lines().filter(CompilableTest::isRefused).toList());
    }

    /// Who was compiled while a class came that makes a difference is not refused, but compiled the
    /// next time. The interpreter meets it when the first specialised code comes, which extends a
    /// class that it calls.
    private static boolean isRefused(String line) {
        return line.contains("COMPILE SKIPPED") && !line.endsWith(": concurrent class loading");
    }
}
