package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import podium.vfs.FileSystem;

/// A process that takes, restores and deletes snapshots is killed at some moment, or its machine's
/// power is cut, again and again.
/// `-Dpodium.kills` says how often.
public abstract class SnapshotKillContract extends CrashContract {

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

    @Override
    protected void run(Crash crash) throws Exception {
        long acknowledged = 0;
        for (int i = 0; i < Integer.getInteger("podium.kills", kills()); i++) {
            var lines = KilledProcess.run(crash, 1, random.nextInt(150), worker());
            long last = Long.parseLong(lines.getLast());
            var when = "kill %d, podium.seed=%d".formatted(i, seed);
            assertTrue(last >= acknowledged, when);
            acknowledged = last;
            compare(crash.directory(), acknowledged, when);
        }
    }

    private void compare(Path place, long acknowledged, String when) throws Exception {
        assertEquals(List.of(), check(place), when);
        try (var fs = open(place)) {
            var snapshots = Objects.requireNonNull(fs.snapshots());
            var list = snapshots.list();
            long last = Long.parseLong(list.getLast().name());
            assertTrue(
                    last == acknowledged || last == acknowledged + 1,
                    when + ": " + last + " of " + acknowledged);
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
