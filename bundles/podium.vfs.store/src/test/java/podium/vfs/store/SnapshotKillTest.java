package podium.vfs.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import podium.testkit.SnapshotKillContract;
import podium.testkit.SnapshotKillWorker;
import podium.vfs.FileSystem;

class SnapshotKillTest extends SnapshotKillContract {

    /// What is killed.
    static final class Worker {

        private Worker() {}

        public static void main(String[] arguments) throws IOException {
            SnapshotKillWorker.run(KillTest.store(Path.of(arguments[0])));
        }
    }

    @Override
    protected Class<?> worker() {
        return Worker.class;
    }

    @Override
    protected FileSystem open(Path directory) throws IOException {
        return KillTest.store(directory);
    }

    @Override
    protected List<String> check(Path directory) throws IOException {
        return KillTest.problems(directory);
    }
}
