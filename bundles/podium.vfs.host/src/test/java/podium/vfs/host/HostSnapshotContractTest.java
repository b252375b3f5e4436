package podium.vfs.host;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.SnapshotContract;
import podium.testkit.Trees;
import podium.vfs.FileSystem;
import podium.vfs.MountException;

/// What the host cannot promise is said in the README.
class HostSnapshotContractTest {

    @TempDir Path folder;

    /// In whatever has the folder.
    abstract static class Contract extends SnapshotContract {

        abstract Path folder();

        private FileSystem mount() throws MountException {
            var spec = KeptTree.of(folder()).spec();
            return new HostFileSystemType().create(spec.withOption("suid", "true"));
        }

        @Override
        protected FileSystem create() throws Exception {
            KeptTree.in(folder());
            return mount();
        }

        @Override
        protected FileSystem reopen(FileSystem fs) throws Exception {
            fs.close();
            return mount();
        }

        @Override
        protected String text(FileSystem fs) {
            return Trees.lasting(fs);
        }

        @Override
        protected boolean givesNumbers() {
            return false;
        }

        @Override
        protected boolean countsSpace() {
            return false;
        }

        @Override
        protected String attribute() {
            return "user.d";
        }
    }

    @Nested
    class OnDisk extends Contract {

        @Override
        Path folder() {
            return folder;
        }
    }

    @Nested
    class InMemory extends Contract {

        private Path directory;

        @Override
        protected FileSystem create() throws Exception {
            var memory = Path.of("/dev/shm");
            assumeTrue(Files.isWritable(memory));
            directory = Files.createTempDirectory(memory, "podium");
            return super.create();
        }

        @Override
        Path folder() {
            return directory;
        }

        @AfterEach
        void remove() throws Exception {
            HostDirectories.remove(directory);
        }
    }
}
