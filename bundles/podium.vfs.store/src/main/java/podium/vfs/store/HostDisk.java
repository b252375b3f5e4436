package podium.vfs.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A directory of the host, for one user at a time.
final class HostDisk implements Disk {

    static final String LOCK = "lock";

    private final Path directory;
    private final FileStore store;
    private final String key;
    private final FileChannel lock;

    /// @param empty whether it may be an empty directory, and no store yet
    /// @throws IOException in one line: it cannot be had, or somebody else has it
    HostDisk(Path directory, boolean empty) throws IOException {
        this.directory = directory;
        checkUse(empty);
        store = Files.getFileStore(directory);
        key = key(directory);
        // Known to the whole JVM, whatever loaded this class: a second channel on the lock file
        // must not even be closed, as that would end the first one's lock (fcntl(2)).
        if (System.getProperties().putIfAbsent(key, "open") != null)
            throw new IOException("it is open already, in this JVM; close the other mount first");
        boolean locked = false;
        FileChannel channel = null;
        try {
            channel = lockFile();
            locked = tryLock(channel) != null;
            if (!locked)
                throw new IOException(
                        "another process has it open; end that one first, two would destroy it");
            lock = channel;
        } finally {
            if (!locked) {
                System.getProperties().remove(key);
                if (channel != null) channel.close();
            }
        }
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

    private static String key(Path directory) throws IOException {
        var real = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        return "podium.vfs.store." + (real != null ? real : directory.toRealPath());
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(
                directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
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
        // Once: somebody else may have it by now.
        if (!lock.isOpen()) return;
        try {
            lock.close();
        } catch (IOException e) {
            // Its descriptor is gone all the same, and with it the lock.
            throw new java.io.UncheckedIOException(e);
        } finally {
            System.getProperties().remove(key);
        }
    }
}
