package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.vfs.FileSystem;

/// A process that takes, restores and deletes snapshots is killed at some moment, again and again.
/// `-Dpodium.kills` says how often.
public abstract class SnapshotKillContract {

    @TempDir Path directory;

    /// A class whose main method opens a file system and calls [SnapshotKillWorker#run]. Its
    /// argument is the directory, in which it finds its source.
    protected abstract Class<?> worker();

    /// Opens what a worker has left.
    protected abstract FileSystem open(Path directory) throws Exception;

    /// Looks whether what a worker has left is whole, while nobody has it open.
    ///
    /// @return what is wrong, a line each
    protected abstract List<String> check(Path directory) throws Exception;

    /// How often, unless the property `podium.kills` says.
    protected int kills() {
        return 20;
    }

    @Test
    void whatWasTakenOutlivesTheProcess() throws Exception {
        long seed = Long.getLong("podium.seed", System.nanoTime());
        var random = new Random(seed);
        long acknowledged = 0;
        for (int i = 0; i < Integer.getInteger("podium.kills", kills()); i++) {
            long last = round(random);
            var when = "kill %d, podium.seed=%d".formatted(i, seed);
            assertTrue(last >= acknowledged, when);
            acknowledged = last;
            compare(acknowledged, when);
        }
    }

    /// @return the number that was acknowledged last
    private long round(Random random) throws Exception {
        var lines = KilledProcess.run(random.nextInt(150), worker(), directory.toString());
        return Long.parseLong(lines.getLast());
    }

    private void compare(long acknowledged, String when) throws Exception {
        assertEquals(List.of(), check(directory), when);
        try (var fs = open(directory)) {
            var snapshots = Objects.requireNonNull(fs.snapshots());
            var list = snapshots.list();
            long last = Long.parseLong(list.getLast().name());
            assertTrue(last == acknowledged || last == acknowledged + 1, when + ": " + last);
            // Deletes are durable with the next sync, and another snapshot with them.
            assertTrue(list.size() <= SnapshotKillWorker.KEPT + 2, when + list);
            for (var one : list) {
                try (FileSystem then = snapshots.open(one.name())) {
                    long n = Long.parseLong(one.name());
                    var is = Backends.content(Backends.file(then, "f"));
                    var was = Backends.random(SnapshotKillWorker.BYTES, n);
                    assertEquals(ByteBuffer.wrap(was), ByteBuffer.wrap(is), when);
                    assertTrue(then.root().lookup("n" + n) != null, when);
                }
            }
        }
    }
}
