package podium.vfs.object;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import podium.vfs.backend.SourceLock;
import podium.vfs.store.HostDiskFile;

/// The directory of the host where a mount has what it wrote and what it has read: one user's at a
/// time.
///
/// | file | what |
/// |---|---|
/// | `lock` | locked by who has it open |
/// | `identity` | of which tree it is, who it writes as, and whether a sync promised no more than
/// it |
/// | `mark` | the last entry of the log it knows, and a checksum of what the bucket had then |
/// | `present` | which blocks of files are there |
/// | `files/NAME~ID` | the files |
final class Cache implements AutoCloseable {

    private static final String LOCK = "lock";
    private static final String IDENTITY = "identity";
    private static final String MARK = "mark";
    static final String PRESENT = "present";
    private static final int MARK_SIZE = 20;

    final Path directory;
    final Path files;
    final FileStore store;
    private final SourceLock lock;

    /// @param tree of the bucket
    /// @param writer under which it writes
    /// @param local whether a sync promised only that it is here
    record Identity(UUID tree, UUID writer, boolean local) {}

    /// @param sequence of an entry
    /// @param digest of the files that the bucket had then
    record Mark(long sequence, long digest) {}

    /// @throws IOException in one line: it cannot be had, or somebody else has it
    Cache(Path directory) throws IOException {
        this.directory = directory;
        checkUse(directory);
        files = Files.createDirectories(directory.resolve("files"));
        store = Files.getFileStore(files);
        lock = SourceLock.take(directory, directory.resolve(LOCK));
    }

    /// Nothing is put into a directory that is somebody else's.
    private static void checkUse(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (Files.exists(directory.resolve(LOCK))) return;
        try (var names = Files.newDirectoryStream(directory)) {
            if (names.iterator().hasNext())
                throw new IOException(
                        "the cache %s is not empty and no cache; name an empty directory"
                                .formatted(directory));
        }
    }

    @Nullable Identity identity() throws IOException {
        var path = directory.resolve(IDENTITY);
        if (!Files.exists(path)) return null;
        var words = Files.readString(path).strip().split(" ", -1);
        try {
            return new Identity(
                    UUID.fromString(words[0]), UUID.fromString(words[1]), words[2].equals("local"));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(
                    "the cache %s is damaged: its identity is '%s'"
                            .formatted(directory, String.join(" ", words)),
                    e);
        }
    }

    void identify(Identity identity) throws IOException {
        if (identity.equals(identity())) return;
        var line =
                "%s %s %s\n"
                        .formatted(
                                identity.tree(),
                                identity.writer(),
                                identity.local() ? "local" : "bucket");
        replace(IDENTITY, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        force();
    }

    /// Puts a file in place of another one, durably.
    void replace(String name, ByteBuffer content) throws IOException {
        var fresh = directory.resolve(name + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh);
        try (var file = new HostDiskFile(fresh, store)) {
            file.write(content, 0);
            file.force();
        }
        Files.move(
                fresh,
                directory.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Nullable Mark mark() throws IOException {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(MARK)));
            if (bytes.capacity() != MARK_SIZE) return null;
            int crc = EntryCodec.checksum(bytes.array(), 0, MARK_SIZE - 4);
            return crc == bytes.getInt(MARK_SIZE - 4)
                    ? new Mark(bytes.getLong(0), bytes.getLong(8))
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /// Takes note of what the bucket has. That this is not forced costs at most that others'
    /// changes are not taken over unasked.
    void mark(Mark mark) throws IOException {
        if (mark.equals(mark())) return;
        var bytes = ByteBuffer.allocate(MARK_SIZE);
        bytes.putLong(mark.sequence()).putLong(mark.digest());
        bytes.putInt(EntryCodec.checksum(bytes.array(), 0, MARK_SIZE - 4)).flip();
        var path = directory.resolve(MARK);
        if (!Files.exists(path)) Files.createFile(path);
        try (var file = new HostDiskFile(path, store)) {
            file.write(bytes, 0);
        }
    }

    /// A checksum of names, numbers and sizes.
    static long digest(Map<String, RemoteFile> files) {
        var crc = new CRC32C();
        long sum = 0;
        for (var file : new TreeMap<>(files).entrySet()) {
            var text =
                    "%s %x %d\n"
                            .formatted(file.getKey(), file.getValue().id(), file.getValue().size());
            crc.update(text.getBytes(StandardCharsets.UTF_8));
            sum = sum * 31 + crc.getValue();
        }
        return sum;
    }

    Path path(String name, long id) {
        return files.resolve("%s~%016x".formatted(name, id));
    }

    /// What [#path] made of a file's name and number, with its size.
    record Local(String name, long id, long size) {}

    /// The files there are.
    Map<String, Local> list() throws IOException {
        var found = new TreeMap<String, Local>();
        try (var paths = Files.newDirectoryStream(files)) {
            for (var path : paths) {
                var local = local(path);
                if (found.put(local.name(), local) != null)
                    throw new IOException(
                            "the cache %s is damaged: it has two files %s"
                                    .formatted(directory, local.name()));
            }
        } catch (java.nio.file.DirectoryIteratorException | UncheckedIOException e) {
            throw new IOException("the cache cannot be read: " + e.getMessage(), e);
        }
        return found;
    }

    private Local local(Path path) throws IOException {
        var text = path.getFileName().toString();
        int split = text.indexOf('~');
        try {
            var name = text.substring(0, Math.max(split, 0));
            if (!EntryCodec.isName(name)) throw new NumberFormatException(text);
            long id = Long.parseUnsignedLong(text.substring(split + 1), 16);
            return new Local(name, id, Files.size(path));
        } catch (NumberFormatException e) {
            throw new IOException(
                    "the cache %s has a file that is not its own: files/%s"
                            .formatted(directory, text),
                    e);
        }
    }

    /// Makes names durable.
    void force() throws IOException {
        for (var path : new Path[] {files, directory})
            try (var file = new HostDiskFile(path, store, StandardOpenOption.READ)) {
                file.force();
            }
    }

    @Override
    public void close() {
        lock.close();
    }
}
