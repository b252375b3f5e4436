package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.test.common.annotation.InjectService;
import podium.benchmark.move.Hammer;
import podium.benchmark.move.HammerException;
import podium.pod.PodManager;

/// What `./podium bench moves` does, a few times.
@Timeout(300)
class MovesTest {

    private static final int MOVES = 12;

    private static final Path BENCHMARKS = RealNode.ROOT.resolve("integration-tests/benchmarks");

    @InjectService(timeout = 10_000)
    PodManager pods;

    @TempDir Path folder;

    @Test
    void nothingIsLostUnderNodeAndSqlite() throws Exception {
        var build = BENCHMARKS.resolve("build").toString();
        assertEquals(0, new ProcessBuilder(build, "moves").inheritIO().start().waitFor());
        var scripts = BENCHMARKS.resolve("src/main/js/moves");
        var guests = BENCHMARKS.resolve("target/guest");
        var hammer = new Hammer(pods, scripts, guests, folder, System.nanoTime());
        try {
            var figures = hammer.run(MOVES, System.out::println);
            assertEquals(MOVES, figures.moves().size());
            assertTrue(figures.operations() > 50 * MOVES, figures.toString());
            assertTrue(figures.transactions() > 10 * MOVES, figures.toString());
        } catch (HammerException e) {
            throw new AssertionError("seed " + hammer.seed(), e);
        }
    }
}
