package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.testkit.MigrationHammer;
import podium.vfs.MigrationPlan;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// A backend that goes by names does not find an inode while it is renamed: who copies it then has
/// not copied it, and must come back. Here one call in fifty of those that copy finds nothing, as
/// long as others may change the tree.
class MigrationElusiveTest {

    private static final int MOVES = 60;
    private static final int FOUND = 50;

    /// What looks at an inode.
    private static final Set<String> LOOKS =
            Set.of("attributes", "read", "seek", "lookup", "extendedAttributes");

    private static final StackWalker STACK = StackWalker.getInstance();

    private final FaultyFileSystemType faulty = new FaultyFileSystemType();
    /// Whether what is moved from may not find what there is.
    private final AtomicBoolean elusive = new AtomicBoolean();
    private final AtomicLong missed = new AtomicLong();

    private static boolean copies() {
        return STACK.walk(
                frames ->
                        frames.anyMatch(frame -> frame.getClassName().endsWith(".migrate.Copier")));
    }

    private boolean progress(Phase phase) {
        if (phase.compareTo(Phase.FREEZE) >= 0) elusive.set(false);
        return true;
    }

    @Test
    @Timeout(120)
    void whatIsNotFoundIsCopiedLater() throws Exception {
        long seed = Long.getLong("podium.random.seed", System.nanoTime());
        var random = new Random(seed);
        var mover = Thread.currentThread();
        faulty.faults =
                method -> {
                    if (Thread.currentThread() != mover || !elusive.get()) return;
                    if (!LOOKS.contains(method) || random.nextInt(FOUND) > 0 || !copies()) return;
                    missed.incrementAndGet();
                    throw Errno.ENOENT.exception();
                };
        var vfs = new VfsService(List.of(new MemoryFileSystemType(), faulty), null);
        MigrationProgress progress = (phase, _, _, _) -> progress(phase);
        try (var namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
                var context = vfs.context(namespace, Credentials.ROOT)) {
            namespace.mount(context, MountSpec.of("/data", "faulty"));
            var hammer = new MigrationHammer(vfs, namespace, 4, seed);
            hammer.start();
            try {
                for (int i = 0; i < MOVES; i++) {
                    hammer.await(200);
                    var to = MountSpec.of("/data", i % 2 == 0 ? "memory" : "faulty");
                    elusive.set(i % 2 == 0);
                    namespace.migrate(context, to, MigrationPlan.DEFAULT, progress);
                }
            } finally {
                elusive.set(false);
                hammer.stop();
            }
            hammer.compare();
        }
        assertTrue(missed.get() > MOVES, missed + " were not found, podium.random.seed=" + seed);
    }
}
