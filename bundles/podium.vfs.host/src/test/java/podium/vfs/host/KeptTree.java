package podium.vfs.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import podium.testkit.Trees;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Snapshots;

/// A directory of the host for tests, and where its snapshots are kept.
record KeptTree(Path tree, Path kept) {

    /// Both in a folder.
    static KeptTree of(Path folder) {
        return new KeptTree(folder.resolve("a tree"), folder.resolve("copies"));
    }

    /// Makes both in a folder.
    static KeptTree in(Path folder) throws IOException {
        var made = of(folder);
        Files.createDirectory(made.tree);
        Files.createDirectory(made.kept);
        return made;
    }

    MountSpec spec() {
        return HostDirectories.spec(tree).withOption("snapshots", kept.toString());
    }

    FileSystem mount() throws MountException {
        return new HostFileSystemType().create(spec());
    }

    FileSystem mount(String other) throws MountException {
        return new HostFileSystemType()
                .create(HostDirectories.spec(tree).withOption("snapshots", other));
    }

    /// What is in the directory of snapshots of something that is not whole.
    List<String> remains() throws IOException {
        try (var all = Files.list(kept.resolve(".podium"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals("lock") && !name.equals("numbers"))
                    .toList();
        }
    }

    static Snapshots snapshots(FileSystem fs) {
        return Objects.requireNonNull(fs.snapshots());
    }

    /// A snapshot's tree, written down.
    static String text(Snapshots snapshots, String name) {
        try (var then = snapshots.open(name)) {
            return Trees.lasting(then);
        }
    }
}
