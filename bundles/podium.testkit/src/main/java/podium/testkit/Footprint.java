package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What this JVM has of everything that can leak.
///
/// @param heap bytes in use
/// @param metaspace bytes in use outside the heap, but for compiled code
/// @param resident bytes of all memory; this and the next two are 0 where there is no `/proc`
record Footprint(
        long heap,
        long metaspace,
        int classes,
        int threads,
        long resident,
        long mappings,
        long descriptors) {

    private static final long MIB = 1 << 20;

    /// Collections until nothing more is collected; what is unreachable takes some, where cleaners
    /// and
    /// class loaders are involved.
    static Footprint settled() throws InterruptedException {
        var best = now();
        for (int same = 0, tries = 0; same < 3 && tries < 50; tries++) {
            System.gc();
            Thread.sleep(20);
            var now = now();
            boolean less = now.heap < best.heap - 10_000 || now.classes < best.classes;
            same = less || now.threads < best.threads ? 0 : same + 1;
            best = now;
        }
        return best;
    }

    private static Footprint now() {
        long metaspace = 0;
        for (var pool : ManagementFactory.getMemoryPoolMXBeans())
            if (pool.getType() == MemoryType.NON_HEAP && !pool.getName().startsWith("Code"))
                metaspace += pool.getUsage().getUsed();
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                metaspace,
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                Thread.activeCount(),
                residentNow(),
                entries("/proc/self/maps"),
                entries("/proc/self/fd"));
    }

    private static long residentNow() {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return 0;
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long entries(String name) {
        var path = Path.of(name);
        if (!Files.exists(path)) return 0;
        try (var all = Files.isDirectory(path) ? Files.list(path) : Files.lines(path)) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What leaks stays; what only takes its time to go, threads above all, may have some.
    void assertNoMoreLater(String what) throws InterruptedException {
        var more = moreIn(settled());
        for (int tries = 0; tries < 10 && !more.isEmpty(); tries++) {
            Thread.sleep(200);
            more = moreIn(settled());
        }
        assertEquals(List.of(), more, what + " leave something");
    }

    /// The bounds are what the JVM itself may come to have meanwhile, far below what a thousand
    /// leaks take.
    private List<String> moreIn(Footprint later) {
        var more = new ArrayList<String>();
        compare(later.heap - heap, 2 * MIB, "heap", more);
        compare(later.metaspace - metaspace, 2 * MIB, "metaspace", more);
        compare(later.classes - classes, 100, "classes", more);
        compare(later.threads - threads, 2, "threads", more);
        compare(later.resident - resident, 150 * MIB, "resident bytes", more);
        compare(later.mappings - mappings, 100, "mappings", more);
        compare(later.descriptors - descriptors, 5, "descriptors", more);
        return more;
    }

    private static void compare(long more, long bound, String of, List<String> all) {
        if (more > bound) all.add(more + " " + of);
    }
}
