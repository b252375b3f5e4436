package podium.vfs.object;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import podium.testkit.KillContract;
import podium.testkit.KillWorker;
import podium.testkit.SnapshotKillContract;
import podium.testkit.SnapshotKillWorker;
import podium.vfs.FileSystem;
import podium.vfs.store.Limits;

/// Processes that are killed while they use a real server.
class KillTest {

    /// Journals and segments are replaced often, and so are objects. Who is dead is known to be.
    private static final Limits LIMITS = new Limits(256 << 10, 16, 32 << 10, 64 << 10, 0, 20);

    private static final Pace PACE = new Pace(5, 10, 64 << 10, 50, 0, 12, 16 << 10);

    /// Where a process, and those it starts, find the server.
    private static Path port(long process) {
        return Path.of(System.getProperty("java.io.tmpdir"), "podium-object-port-" + process);
    }

    @BeforeAll
    static void start() throws IOException {
        Server.get().bucket("kills");
        var port = port(ProcessHandle.current().pid());
        Files.writeString(port, "" + Server.get().port);
        port.toFile().deleteOnExit();
    }

    private static ObjectOptions options(Path directory, String sync) throws IOException {
        var own = port(ProcessHandle.current().pid());
        var file =
                Files.exists(own)
                        ? own
                        : port(ProcessHandle.current().parent().orElseThrow().pid());
        return Mounts.options(
                directory.resolve("cache"),
                "path",
                "kills/" + directory.getFileName(),
                "endpoint",
                Server.endpoint(Integer.parseInt(Files.readString(file))).toString(),
                "credentials",
                Server.credentials(directory).toString(),
                "sync",
                sync);
    }

    private static FileSystem mount(Path directory, String sync) throws IOException {
        var options = options(directory, sync);
        return ObjectFileSystemType.open(new S3Bucket(options), options, PACE, LIMITS, false);
    }

    /// What is wrong with what a worker has left: in the bucket alone, where its syncs reached
    /// that.
    private static List<String> left(Path directory, String sync) throws IOException {
        if (sync.equals("bucket")) Mounts.remove(directory.resolve("cache"));
        var options = options(directory, sync);
        var problems = new ArrayList<String>();
        ObjectFileSystemType.check(
                () -> new S3Bucket(options), options, PACE, false, problems::add);
        return problems;
    }

    static final class LocalWorker {

        private LocalWorker() {}

        public static void main(String[] arguments) throws IOException {
            KillWorker.run(mount(Path.of(arguments[0]), "local"), Long.parseLong(arguments[1]));
        }
    }

    /// What was synced is in the cache, wherever else it is.
    @Nested
    class Local extends KillContract {

        @Override
        protected Class<?> worker() {
            return LocalWorker.class;
        }

        @Override
        protected FileSystem open(Path directory) throws IOException {
            return mount(directory, "local");
        }

        @Override
        protected List<String> check(Path directory) throws IOException {
            return left(directory, "local");
        }
    }

    static final class BucketWorker {

        private BucketWorker() {}

        public static void main(String[] arguments) throws IOException {
            KillWorker.run(mount(Path.of(arguments[0]), "bucket"), Long.parseLong(arguments[1]));
        }
    }

    /// What was synced is in the bucket: the cache is lost with the process.
    @Nested
    class InTheBucket extends KillContract {

        /// Each worker waits until the one before is known to be dead.
        @Override
        protected int kills() {
            return 5;
        }

        @Override
        protected Class<?> worker() {
            return BucketWorker.class;
        }

        @Override
        protected FileSystem open(Path directory) throws IOException {
            return mount(directory, "bucket");
        }

        @Override
        protected List<String> check(Path directory) throws IOException {
            return left(directory, "bucket");
        }
    }

    static final class LocalSnapshotWorker {

        private LocalSnapshotWorker() {}

        public static void main(String[] arguments) throws IOException {
            SnapshotKillWorker.run(mount(Path.of(arguments[0]), "local"));
        }
    }

    static final class BucketSnapshotWorker {

        private BucketSnapshotWorker() {}

        public static void main(String[] arguments) throws IOException {
            SnapshotKillWorker.run(mount(Path.of(arguments[0]), "bucket"));
        }
    }

    abstract static class Snapshots extends SnapshotKillContract {

        private final Class<?> worker;
        private final String sync;
        private final int kills;

        Snapshots(Class<?> worker, String sync, int kills) {
            this.worker = worker;
            this.sync = sync;
            this.kills = kills;
        }

        @Override
        protected int kills() {
            return kills;
        }

        @Override
        protected Class<?> worker() {
            return worker;
        }

        @Override
        protected FileSystem open(Path directory) throws IOException {
            return mount(directory, sync);
        }

        @Override
        protected List<String> check(Path directory) throws IOException {
            return left(directory, sync);
        }
    }

    @Nested
    class LocalSnapshots extends Snapshots {

        LocalSnapshots() {
            super(LocalSnapshotWorker.class, "local", 8);
        }
    }

    @Nested
    class SnapshotsInTheBucket extends Snapshots {

        SnapshotsInTheBucket() {
            super(BucketSnapshotWorker.class, "bucket", 5);
        }
    }
}
