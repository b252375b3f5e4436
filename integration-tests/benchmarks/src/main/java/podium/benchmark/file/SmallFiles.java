package podium.benchmark.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Makes many small files, a thousand in a directory, asks for the attributes of each, and removes
/// them; with a sync of each file, or without. With syncs only making them is timed.
final class SmallFiles implements Work {

    private static final int SIZE = 100;
    private static final int DIRECTORY = 1000;

    private final Path folder;
    private final List<Path> files = new ArrayList<>();
    private final boolean synced;
    private final Content content = new Content(SIZE);

    SmallFiles(Path root, int count, boolean synced) throws IOException {
        folder = Files.createDirectory(root.resolve("small"));
        for (int i = 0; i < count; i++) {
            var directory = folder.resolve("directory-" + i / DIRECTORY);
            if (i % DIRECTORY == 0) Files.createDirectory(directory);
            files.add(directory.resolve("file-" + i));
        }
        this.synced = synced;
    }

    @Override
    public void run(Figures figures) throws IOException {
        int count = files.size();
        figures.time(synced ? "create-synced" : "create", count, this::create);
        if (!synced) figures.time("stat", count, this::ask);
        for (int i = 0; i < count; i++) content.check(files.get(i), i, SIZE);
        if (synced) remove();
        else figures.time("unlink", count, this::remove);
        Trees.checkEmpty(folder);
    }

    private void create() throws IOException {
        for (int i = 0; i < files.size(); i++) content.create(files.get(i), i, SIZE, synced);
    }

    private void ask() throws IOException {
        for (var file : files) {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile() || attributes.size() != SIZE)
                throw new IOException(file + " is not what was made");
        }
    }

    private void remove() throws IOException {
        for (var file : files) Files.delete(file);
    }

    @Override
    public void close() throws IOException {
        Trees.remove(folder);
    }
}
