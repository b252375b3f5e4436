package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.testkit.MigrationHammer;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MountSpec;

/// A mount that moves from backend to backend, at random, under programs that do all there is to
/// do.
/// `-Dpodium.migrate.moves` says how often; without it, as often as half a minute lets it.
class MigrationHammerTest {

    @TempDir Path directory;

    @Test
    void nothingIsLost() throws Exception {
        int moves = Integer.getInteger("podium.migrate.moves", 200);
        boolean bounded = Integer.getInteger("podium.migrate.moves") == null;
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        long seed = Long.getLong("podium.random.seed", System.nanoTime());
        var random = new Random(seed);
        var vfs = MigrationTest.vfs();
        var specs = List.copyOf(MigrationTest.specs().values());
        var pauses = new ArrayList<Duration>();
        var tails = new ArrayList<Long>();
        try (var namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
                var context = vfs.context(namespace, Credentials.ROOT)) {
            namespace.mount(context, MountSpec.of("/data", "memory"));
            var hammer = new MigrationHammer(vfs, namespace, 4, seed);
            hammer.start();
            try {
                for (int i = 0; i < moves && !(bounded && System.nanoTime() > end); i++) {
                    hammer.await(100);
                    var own = Files.createDirectory(directory.resolve("mount-" + i));
                    var spec = specs.get(random.nextInt(specs.size())).apply(own);
                    var to =
                            new MountSpec(
                                    "/data", spec.type(), spec.source(), spec.options(), false);
                    var plan = MigrationPlan.DEFAULT;
                    var done = namespace.migrate(context, to, plan, MigrationProgress.NONE);
                    pauses.add(done.pause());
                    tails.add(done.tail());
                }
            } finally {
                hammer.stop();
            }
            hammer.compare();
            pauses.sort(null);
            tails.sort(null);
            System.out.printf(
                    "%d moves under %d operations; calls held p50 %.1f ms, p99 %.1f ms, for p50 %d,"
                            + " p99 %d inodes and names; slowest operation %.1f ms;"
                            + " podium.random.seed=%d%n",
                    pauses.size(),
                    hammer.operations(),
                    milliseconds(pauses.get(pauses.size() / 2)),
                    milliseconds(pauses.get(pauses.size() * 99 / 100)),
                    tails.get(tails.size() / 2),
                    tails.get(tails.size() * 99 / 100),
                    hammer.slowest() / 1e6,
                    seed);
            assertTrue(hammer.operations() > pauses.size());
        }
    }

    private static double milliseconds(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
