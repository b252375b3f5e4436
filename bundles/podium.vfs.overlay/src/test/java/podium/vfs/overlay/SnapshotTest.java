package podium.vfs.overlay;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import podium.testkit.SnapshotContract;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.store.StoreFileSystemType;

/// Snapshots of overlays, over nothing and over layers that hide what those below them have.
class SnapshotTest {

    private static final List<String> NAMES =
            List.of("d", "e", "f", "f0", "f1", "g", "late", "named", "p", "x");

    /// A lower layer with names that the tests make, and one above it that hides them.
    private static List<FileSystem> hidden() throws MountException {
        var bottom = Layers.memory();
        var middle = Layers.memory();
        for (var name : NAMES) {
            if (name.startsWith("f")) Layers.file(bottom.root(), name, "lower");
            else Layers.file(bottom.root().createDirectory(name, 0755, 0, 0), "deep", "lower");
            Whiteouts.hide(middle.root(), name);
        }
        return List.of(middle, bottom);
    }

    abstract static class Kept extends SnapshotContract {

        /// Neither outlives the other.
        private final List<FileSystem> lowers;

        Kept(List<FileSystem> lowers) {
            this.lowers = lowers;
        }

        @Override
        protected boolean isOrdered() {
            return false;
        }

        abstract FileSystem upper() throws MountException;

        @Override
        protected FileSystem create() throws MountException {
            return new OverlayFileSystem(upper(), lowers);
        }
    }

    abstract static class InMemory extends Kept {

        InMemory(List<FileSystem> lowers) {
            super(lowers);
        }

        @Override
        FileSystem upper() throws MountException {
            return Layers.memory("size", "16m");
        }
    }

    abstract static class Stored extends Kept {

        @TempDir Path directory;

        Stored(List<FileSystem> lowers) {
            super(lowers);
        }

        @Override
        FileSystem upper() throws MountException {
            return store(directory);
        }

        @Override
        protected FileSystem reopen(FileSystem fs) throws MountException {
            fs.close();
            return create();
        }
    }

    static FileSystem store(Path directory) throws MountException {
        var spec = MountSpec.of("/", "store", directory.toString()).withOption("size", "16m");
        return new StoreFileSystemType().create(spec);
    }

    @Nested
    class Memory extends InMemory {

        Memory() throws MountException {
            super(List.of(Layers.memory()));
        }
    }

    @Nested
    class MemoryOverHidden extends InMemory {

        MemoryOverHidden() throws MountException {
            super(hidden());
        }
    }

    @Nested
    class Store extends Stored {

        Store() throws MountException {
            super(List.of(Layers.memory()));
        }
    }

    @Nested
    class StoreOverHidden extends Stored {

        StoreOverHidden() throws MountException {
            super(hidden());
        }
    }
}
