package podium.vfs.backend;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// A source of the host is one user's at a time, in this JVM and among its processes. The lock file
/// stays when the lock ends: who removes one may remove another's.
public final class SourceLock implements AutoCloseable {

    private final String key;
    private final FileChannel channel;

    private SourceLock(String key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /// @param source a file or directory that is there
    /// @param file the lock file, made when it is not there
    /// @throws IOException in one line: somebody else has it, or the lock file cannot be had
    public static SourceLock take(Path source, Path file) throws IOException {
        var key = key(source);
        // Known to the whole JVM, whatever loaded this class: a second channel on the lock file
        // must not even be closed, as that would end the first one's lock (fcntl(2)).
        if (System.getProperties().putIfAbsent(key, "open") != null)
            throw new IOException("it is open already, in this JVM; close the other mount first");
        boolean locked = false;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            locked = tryLock(channel) != null;
            if (!locked)
                throw new IOException(
                        "another process has it open; end that one first, two would destroy it");
            return new SourceLock(key, channel);
        } finally {
            if (!locked) {
                System.getProperties().remove(key);
                if (channel != null) channel.close();
            }
        }
    }

    private static String key(Path source) throws IOException {
        var real = Files.readAttributes(source, BasicFileAttributes.class).fileKey();
        return "podium.vfs.source." + (real != null ? real : source.toRealPath());
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /// Ends it. Idempotent.
    @Override
    public void close() {
        // Once: somebody else may have it by now.
        if (!channel.isOpen()) return;
        try {
            channel.close();
        } catch (IOException e) {
            // Its descriptor is gone all the same, and with it the lock.
            throw new java.io.UncheckedIOException(e);
        } finally {
            System.getProperties().remove(key);
        }
    }
}
