package podium.benchmark.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Times one file system: `NAME FOLDER ROUNDS DIVISOR WARM`. The name is one of [Place]'s, or
/// `arrays` for no file system at all, but the same work on arrays and hash maps; the
/// folder an empty one of this machine for what it keeps there. The divisor is 1, or by how much
/// less there is to do, so that it can be seen to work in seconds. Prints a line for each figure:
/// its
/// name and the microseconds that one operation takes, the median of the rounds.
///
/// Every kind of work runs for WARM seconds first, and once at least, to get warm. What is read is
/// compared with what was written, outside of
/// the time that counts where that is more than two numbers.
public final class FileSystems {

    private FileSystems() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[2]);
        int divisor = Integer.parseInt(arguments[3]);
        long warm = TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[4])) / divisor;
        if (arguments[0].equals("arrays")) {
            for (var work : bare(divisor)) measure(work, rounds, warm).print();
            return;
        }
        try (var place = Place.of(arguments[0], Path.of(arguments[1]))) {
            for (var work : works(place, divisor)) measure(work, rounds, warm).print();
        }
    }

    private static List<Beginning> bare(int divisor) {
        return List.of(
                () -> new BarePages(divisor),
                () -> new BareTree.Small(100_000 / divisor),
                () -> new BareTree.Packages(new PackageTree(divisor)));
    }

    /// What is synced is worth it only where syncing does something.
    private static List<Beginning> works(Place place, int divisor) {
        var root = place.root();
        var works = new ArrayList<Beginning>();
        works.add(() -> new RandomReads(root, divisor));
        works.add(() -> new RandomWrites(root, divisor, false));
        works.add(() -> new SmallFiles(root, 100_000 / divisor, false));
        works.add(() -> new Unpacking(root, new PackageTree(divisor), false));
        if (place.durable()) {
            works.add(() -> new RandomWrites(root, divisor, true));
            works.add(() -> new SmallFiles(root, 1_000 / divisor, true));
            works.add(() -> new Unpacking(root, new PackageTree(divisor), true));
        }
        return works;
    }

    private static Figures measure(Beginning beginning, int rounds, long warm) throws IOException {
        var figures = new Figures();
        try (var work = beginning.begin()) {
            long from = System.nanoTime();
            do work.run(new Figures());
            while (System.nanoTime() - from < warm);
            for (int i = 0; i < rounds; i++) {
                System.gc();
                work.run(figures);
            }
        }
        return figures;
    }

    private interface Beginning {
        Work begin() throws IOException;
    }
}
