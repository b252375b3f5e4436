package podium.benchmark.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Makes a tree of packages, as unpacking them does, with a sync of each file or without.
final class Unpacking implements Work {

    private final Path top;
    private final List<Path> directories;
    private final List<Path> files;
    private final PackageTree tree;
    private final boolean synced;
    private final Content content = new Content(PackageTree.LARGEST);

    Unpacking(Path root, PackageTree tree, boolean synced) {
        top = root.resolve("packages");
        directories = tree.directories.stream().map(top::resolve).toList();
        files = tree.files.stream().map(file -> top.resolve(file.path())).toList();
        this.tree = tree;
        this.synced = synced;
    }

    @Override
    public void run(Figures figures) throws IOException {
        figures.time(synced ? "unpack-synced" : "unpack", 1, this::unpack);
        for (int i = 0; i < files.size(); i++) content.check(files.get(i), i, size(i));
        Trees.remove(top);
    }

    private void unpack() throws IOException {
        Files.createDirectory(top);
        for (var directory : directories) Files.createDirectory(directory);
        for (int i = 0; i < files.size(); i++) content.create(files.get(i), i, size(i), synced);
    }

    private int size(int file) {
        return tree.files.get(file).size();
    }
}
