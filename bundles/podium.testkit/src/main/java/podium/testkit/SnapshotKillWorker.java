package podium.testkit;

import java.nio.ByteBuffer;
import java.util.Objects;
import podium.vfs.FileSystem;
import podium.vfs.Node;
import podium.vfs.Snapshots;

/// What [SnapshotKillContract] kills: writes number `n` and what follows from it to a file, takes
/// snapshot `n`, syncs, says so; deletes old ones; and goes back to the last one but one at times.
public final class SnapshotKillWorker {

    static final int KEPT = 4;
    static final int BYTES = 20_000;

    private SnapshotKillWorker() {}

    /// Does so until the process is killed.
    public static void run(FileSystem fs) {
        var snapshots = Objects.requireNonNull(fs.snapshots());
        var list = snapshots.list();
        long n = list.isEmpty() ? 0 : Long.parseLong(list.getLast().name());
        var root = fs.root();
        var file =
                root.lookup("f") instanceof Node.Regular known
                        ? known
                        : root.create("f", 0644, 0, 0);
        // Those who were killed may not have come so far, one after another.
        deleteOlder(snapshots, n);
        fs.sync();
        for (n++; ; n++) {
            file.write(ByteBuffer.wrap(Backends.random(BYTES, n)), 0);
            // One that was killed may have come so far.
            if (root.lookup("n" + n) == null) root.create("n" + n, 0644, 0, 0);
            unlinkOlder(root, "n" + n);
            snapshots.take("" + n);
            fs.sync();
            System.out.println(n);
            deleteOlder(snapshots, n);
            if (n % 3 == 0 && has(snapshots, n - 1)) snapshots.restore("" + (n - 1));
        }
    }

    private static void deleteOlder(Snapshots snapshots, long n) {
        for (var one : snapshots.list())
            if (Long.parseLong(one.name()) <= n - KEPT) snapshots.delete(one.name());
    }

    /// After a restore that is not the one before alone.
    private static void unlinkOlder(Node.Directory root, String name) {
        for (var entry : root.entries(0, 100))
            if (entry.name().startsWith("n") && !entry.name().equals(name))
                root.unlink(entry.name());
    }

    private static boolean has(Snapshots snapshots, long n) {
        return snapshots.list().stream().anyMatch(one -> one.name().equals("" + n));
    }
}
