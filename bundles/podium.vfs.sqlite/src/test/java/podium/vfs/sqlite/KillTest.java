package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import podium.testkit.KillContract;
import podium.testkit.KillWorker;
import podium.vfs.FileSystem;

class KillTest extends KillContract {

    /// What is killed.
    static final class Worker {

        private Worker() {}

        public static void main(String[] arguments) throws IOException {
            KillWorker.run(database(Path.of(arguments[0])), Long.parseLong(arguments[1]));
        }
    }

    static FileSystem database(Path directory) throws IOException {
        return Databases.open(directory.resolve("data.db"), 20);
    }

    @Override
    protected Class<?> worker() {
        return Worker.class;
    }

    @Override
    protected FileSystem open(Path directory) throws IOException {
        return database(directory);
    }

    @Override
    protected List<String> check(Path directory) throws IOException {
        return problems(directory);
    }

    static List<String> problems(Path directory) throws IOException {
        var problems = new ArrayList<String>();
        Check.run(directory.resolve("data.db"), false, problems::add);
        return problems;
    }
}
