package podium.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The framework's storage. It is kept from one boot to the next, which halves the time a boot
/// takes; and there are as many as containers run at once, since each needs one alone.
final class BundleCache {

    private static final int MOST = 256;

    private final Path folder;
    private final Stamp stamp;
    private final FileLock lock;
    private final boolean filled;

    private BundleCache(Path folder, String fingerprint, FileLock lock) throws IOException {
        this.folder = folder;
        this.stamp = new Stamp(folder.resolve("podium.stamp"), fingerprint);
        this.lock = lock;
        this.filled = stamp.fits();
        if (!filled) {
            Trees.remove(folder);
            Files.createDirectories(folder);
        }
    }

    /// The first storage nobody uses.
    ///
    /// @param fingerprint of what it holds, bundles and their start levels: a storage that was
    ///     filled from others is emptied
    static BundleCache acquire(Path home, String fingerprint) throws IOException {
        var parent = parent(home);
        for (int i = 0; i < MOST; i++) {
            var lock = tryLock(parent.resolve("cache-" + i + ".lock"));
            if (lock != null)
                return new BundleCache(parent.resolve("cache-" + i), fingerprint, lock);
        }
        throw new IOException(MOST + " containers run already from " + home);
    }

    /// `data` in the distribution; for a distribution nobody may write to, a folder of the user's,
    /// and of nobody else: what is in it will be run.
    private static Path parent(Path home) throws IOException {
        var data = home.resolve("data");
        if (Files.isWritable(Files.exists(data) ? data : home))
            return Files.createDirectories(data);
        var name =
                "podium-"
                        + System.getProperty("user.name")
                        + "-"
                        + Integer.toHexString(home.hashCode());
        return PrivateFolder.open(Path.of(System.getProperty("java.io.tmpdir"), name));
    }

    private static @Nullable FileLock tryLock(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            var lock = channel.tryLock();
            if (lock == null) channel.close();
            return lock;
        } catch (OverlappingFileLockException _) {
            channel.close();
            return null;
        }
    }

    Path folder() {
        return folder;
    }

    /// Whether it holds the bundles already.
    boolean filled() {
        return filled;
    }

    /// It holds the bundles now: the next boot may use them.
    void markFilled() {
        if (filled) return;
        try {
            stamp.write();
        } catch (IOException e) {
            // The next boot fills it anew; that is slower, not wrong.
            System.err.println("podium: " + e.getMessage());
        }
    }

    void release() {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            System.err.println("podium: " + e.getMessage());
        }
    }
}
