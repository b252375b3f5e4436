package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Snapshots;
import podium.vfs.Vfs;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// Snapshots are taken of an overlay while four threads work in it, and restored between their
/// steps: each is a state that there was, and becomes that again for all who have files open.
/// `-Dpodium.snapshot.rounds` says how often; without it, as often as five seconds let it.
class SnapshotThreadsTest {

    private static final int WORKERS = 4;

    @TempDir Path directory;

    @Test
    void overMemory() throws Exception {
        hammer(Layers.memory());
    }

    @Test
    void overStore() throws Exception {
        hammer(SnapshotTest.store(directory));
    }

    private static void hammer(FileSystem upper) throws Exception {
        long seed = Long.getLong("podium.random.seed", System.nanoTime());
        var lower = Layers.memory();
        for (int i = 0; i < WORKERS; i++) SnapshotWorker.plant(lower, i);
        var overlay = new OverlayFileSystem(upper, List.of(lower));
        FileSystemType type =
                new FileSystemType() {
                    @Override
                    public String name() {
                        return "ready";
                    }

                    @Override
                    public FileSystem create(MountSpec spec) {
                        return overlay;
                    }
                };
        var vfs = new VfsService(List.of(new MemoryFileSystemType(), type), null);
        var specs = List.of(MountSpec.of("/", "memory"), MountSpec.of("/data", "ready"));
        try (var namespace = vfs.namespace(specs)) {
            new Run(vfs, namespace, seed).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("podium.random.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private static final class Run {

        private final ReentrantReadWriteLock steps = new ReentrantReadWriteLock(true);
        private final List<SnapshotWorker> workers = new ArrayList<>();
        private final Map<String, List<SnapshotWorker.State>> known = new TreeMap<>();
        private final Random random;
        private final Snapshots snapshots;

        /// Nanoseconds that restoring held calls.
        private long held;

        Run(Vfs vfs, MountNamespace namespace, long seed) throws Exception {
            random = new Random(seed);
            var context = vfs.context(namespace, Credentials.ROOT);
            snapshots = namespace.snapshots(context, "/data");
            context.close();
            for (int i = 0; i < WORKERS; i++)
                workers.add(new SnapshotWorker(vfs, namespace, i, seed, steps.readLock()).begin());
        }

        void run() throws Exception {
            boolean bounded = Integer.getInteger("podium.snapshot.rounds") == null;
            int rounds = Integer.getInteger("podium.snapshot.rounds", 10_000);
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            int restored = 0;
            var all = new ArrayList<Future<?>>();
            try (var pool = Executors.newFixedThreadPool(WORKERS)) {
                for (var worker : workers) all.add(pool.submit(worker));
                try {
                    for (int i = 0; i < rounds && !(bounded && System.nanoTime() > end); i++) {
                        Thread.sleep(random.nextInt(5));
                        for (var one : all) if (one.isDone()) one.get();
                        if (step("s" + random.nextInt(6))) restored++;
                    }
                } finally {
                    for (var worker : workers) worker.stop = true;
                }
                for (var one : all) one.get();
            }
            for (var worker : workers) worker.compare();
            for (var worker : workers) worker.end();
            int done = workers.stream().mapToInt(SnapshotWorker::steps).sum();
            assertTrue(restored > 0);
            System.out.printf(
                    "%d snapshots restored, each in %.1f ms, under %d steps%n",
                    restored, held / 1e6 / restored, done);
        }

        /// @return whether one was restored
        private boolean step(String name) {
            if (!known.containsKey(name)) {
                take(name);
                return false;
            }
            if (random.nextInt(3) == 0) {
                snapshots.delete(name);
                known.remove(name);
                return false;
            }
            steps.writeLock().lock();
            try {
                held += snapshots.restore(name).toNanos();
                for (int i = 0; i < WORKERS; i++) workers.get(i).restored(known.get(name).get(i));
            } finally {
                steps.writeLock().unlock();
            }
            return true;
        }

        private void take(String name) {
            for (var worker : workers) worker.mark();
            snapshots.take(name);
            var most = workers.stream().map(SnapshotWorker::since).toList();
            var states = new ArrayList<SnapshotWorker.State>();
            // Until the step that was under way is known to have ended.
            steps.writeLock().lock();
            try (var then = snapshots.open(name)) {
                for (int i = 0; i < WORKERS; i++)
                    states.add(workers.get(i).find(then, most.get(i)));
            } finally {
                steps.writeLock().unlock();
            }
            known.put(name, states);
        }
    }
}
