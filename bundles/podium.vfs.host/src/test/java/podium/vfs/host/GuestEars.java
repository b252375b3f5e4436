package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import podium.vfs.FileWatcher;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.MountNamespace;

/// A program of a pod's that watches.
final class GuestEars extends Ears {

    private static final String THREAD = "podium-host-watches";
    private static final int PATIENCE = 20_000;

    private final MountNamespace pod;
    private final FsContext context;
    private final List<Runnable> watches = new ArrayList<>();

    GuestEars(MountNamespace pod, FsContext context) {
        this.pod = pod;
        this.context = context;
    }

    Location place(String path) {
        return pod.resolve(context, null, "/" + path, MountNamespace.AT_SYMLINK_NOFOLLOW);
    }

    FileWatcher watcher(String path) {
        return (mask, cookie, name) -> add(path, mask, cookie, name);
    }

    void watch(String path) {
        var place = place(path);
        var watcher = watcher(path);
        place.watch(watcher);
        watches.add(() -> place.unwatch(watcher));
    }

    void unwatch() {
        watches.forEach(Runnable::run);
        watches.clear();
    }

    /// Watches while something is done.
    void watchFor(String path, Runnable work) {
        var place = place(path);
        var watcher = watcher(path);
        place.watch(watcher);
        work.run();
        place.unwatch(watcher);
    }

    /// Waits until it has heard something.
    void await(Predicate<List<String>> heard) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE * 1_000_000L;
        while (!heard.test(lines())) {
            var all = lines();
            var last = all.subList(Math.max(0, all.size() - 50), all.size());
            assertTrue(System.nanoTime() - end < 0, () -> "heard " + all.size() + ": " + last);
            Thread.sleep(5);
        }
    }

    /// Waits until so many threads read the host's events.
    static void awaitThreads(int count) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE * 1_000_000L;
        while (threads() != count && System.nanoTime() - end < 0) Thread.sleep(5);
        assertEquals(count, threads());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(THREAD))
                .count();
    }
}
