package podium.vfs.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import podium.vfs.backend.SourceLock;

/// A directory of the host, for one user at a time.
final class HostDisk implements Disk {

    static final String LOCK = "lock";

    private final Path directory;
    private final FileStore store;
    private final SourceLock lock;

    /// @param empty whether it may be an empty directory, and no store yet
    /// @throws IOException in one line: it cannot be had, or somebody else has it
    HostDisk(Path directory, boolean empty) throws IOException {
        this.directory = directory;
        checkUse(empty);
        store = Files.getFileStore(directory);
        lock = SourceLock.take(directory, directory.resolve(LOCK));
    }

    /// Nothing is put into a directory that is somebody else's, not even a lock.
    private void checkUse(boolean empty) throws IOException {
        if (!Files.isDirectory(directory)) throw new IOException("there is no such directory");
        if (Files.exists(directory.resolve(LOCK))) return;
        var names = list();
        if (names.isEmpty() && empty) return;
        for (var name : names)
            if (Journal.generation(name) >= 0
                    || Segment.number(name) >= 0
                    || name.endsWith(Journal.UNFINISHED)) return;
        throw new IOException(
                empty
                        ? "it is not empty and holds no store; name an empty directory"
                        : "it holds no store");
    }

    @Override
    public String name() {
        return directory.toString();
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new HostDiskFile(directory.resolve(name), store);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        var path = directory.resolve(name);
        try {
            Files.deleteIfExists(path);
            Files.createFile(path);
        } catch (IOException e) {
            throw HostDiskFile.known(e, store, 4096);
        }
        return open(name);
    }

    @Override
    public List<String> list() throws IOException {
        var names = new ArrayList<String>();
        try (var paths = Files.newDirectoryStream(directory)) {
            for (var path : paths) names.add(path.getFileName().toString());
        }
        names.remove(LOCK);
        return names;
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void force() throws IOException {
        try (var file = new HostDiskFile(directory, store, StandardOpenOption.READ)) {
            file.force();
        }
    }

    @Override
    public long usable() throws IOException {
        return store.getUsableSpace();
    }

    @Override
    public void close() {
        lock.close();
    }
}
