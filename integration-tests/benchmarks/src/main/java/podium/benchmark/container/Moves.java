package podium.benchmark.container;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.benchmark.move.Figures;
import podium.benchmark.move.Hammer;
import podium.benchmark.move.HammerException;
import podium.benchmark.move.Move;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.vfs.MountException;

/// Moves a mount under programs so often as the system property `podium.benchmark.moves` says,
/// prints what came of it, and stops the container. Does nothing where there is no such property.
/// `podium.benchmark.folder` is an empty folder for what mounts keep, `podium.benchmark.scripts`
/// and `podium.benchmark.guests` are those of the programs; `podium.benchmark.seed` repeats their
/// random numbers.
///
/// A line for each move: `move`, the type it went to, `crowd` or `calm`, nanoseconds that calls
/// were held, inodes and names that were left then, nanoseconds that it took. Then a name and a
/// number for what there is once, and `failed` with the seed if something was not as it must be.
@Component(service = Moves.class, immediate = true)
public final class Moves {

    private static final String PREFIX = "podium.benchmark.";

    @Activate
    public Moves(BundleContext context, @Reference PodManager pods) {
        int moves = Integer.getInteger(PREFIX + "moves", 0);
        if (moves > 0) Measurement.begin(context, () -> measure(pods, moves));
    }

    private static void measure(PodManager pods, int moves) throws Exception {
        var hammer =
                new Hammer(
                        pods,
                        path("scripts"),
                        path("guests"),
                        path("folder"),
                        Long.getLong(PREFIX + "seed", System.nanoTime()));
        try {
            print(hammer.run(moves, Moves::print));
        } catch (HammerException | MountException | PodException e) {
            System.out.println("failed with seed " + hammer.seed() + ": " + e.getMessage());
        }
    }

    private static Path path(String property) {
        var path = System.getProperty(PREFIX + property);
        if (path == null) throw new IllegalArgumentException("no property " + PREFIX + property);
        return Path.of(path);
    }

    private static void print(Figures figures) {
        System.out.println("operations " + figures.operations());
        System.out.println("files " + figures.files());
        System.out.println("transactions " + figures.transactions());
        System.out.println("names " + figures.names());
        System.out.println("slowest-operation " + figures.slowestOperation());
        System.out.println("slowest-transaction " + figures.slowestTransaction());
    }

    private static void print(Move move) {
        System.out.printf(
                "move %s %s %d %d %d%n",
                move.to(),
                move.crowded() ? "crowd" : "calm",
                move.pause().toNanos(),
                move.tail(),
                move.took().toNanos());
    }
}
