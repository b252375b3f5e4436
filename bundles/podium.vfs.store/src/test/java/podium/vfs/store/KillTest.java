package podium.vfs.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import podium.testkit.KillContract;
import podium.testkit.KillWorker;
import podium.vfs.FileSystem;
import podium.vfs.backend.DurableOptions;

class KillTest extends KillContract {

    /// A small store, so that journals and segments are replaced often.
    private static final Limits LIMITS =
            new Limits(256 << 10, 16, 32 << 10, 64 << 10, 16 << 10, 20);

    /// What is killed.
    static final class Worker {

        private Worker() {}

        public static void main(String[] arguments) throws IOException {
            KillWorker.run(store(Path.of(arguments[0])), Long.parseLong(arguments[1]));
        }
    }

    static FileSystem store(Path directory) throws IOException {
        var options = new DurableOptions(directory, 1L << 40, 1000, 0755, 0, 0);
        return StoreFileSystem.open(new HostDisk(directory, true), LIMITS, options, false);
    }

    @Override
    protected Class<?> worker() {
        return Worker.class;
    }

    @Override
    protected FileSystem open(Path directory) throws IOException {
        return store(directory);
    }

    @Override
    protected List<String> check(Path directory) throws IOException {
        return problems(directory);
    }

    static List<String> problems(Path directory) throws IOException {
        var problems = new ArrayList<String>();
        return Check.check(directory, problems::add) == 0 ? List.of() : problems;
    }
}
