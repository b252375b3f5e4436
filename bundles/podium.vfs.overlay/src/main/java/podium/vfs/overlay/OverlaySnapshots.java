package podium.vfs.overlay;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.MigrationProgress;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;

/// The snapshots of an overlay are its upper layer's: the lower ones do not change. What is told of
/// one is what the upper layer has of it.
final class OverlaySnapshots implements Snapshots {

    private final OverlayFileSystem fs;
    private final FileSystem upper;
    private final Snapshots kept;

    private OverlaySnapshots(OverlayFileSystem fs, FileSystem upper, Snapshots kept) {
        this.fs = fs;
        this.upper = upper;
        this.kept = kept;
    }

    /// @return null when the upper layer keeps none, or others than an overlay needs: its own
    ///     inodes are told by the numbers of the layer's
    static @Nullable OverlaySnapshots of(OverlayFileSystem fs, FileSystem upper) {
        var kept = upper.snapshots();
        if (kept == null || !kept.keepsNumbers()) return null;
        return new OverlaySnapshots(fs, upper, kept);
    }

    /// Nobody deletes one that is looked into for a moment.
    @Override
    public synchronized List<Snapshot> list() {
        return kept.list().stream().map(this::withoutOwn).toList();
    }

    private Snapshot withoutOwn(Snapshot all) {
        try (var then = kept.open(all.name())) {
            long inodes = all.inodes() - Origins.inodes(then.root());
            return new Snapshot(all.name(), all.taken(), inodes, all.bytes(), all.own());
        }
    }

    @Override
    public Duration take(String name) {
        return take(name, MigrationProgress.NONE);
    }

    @Override
    public Duration take(String name, MigrationProgress progress) {
        return alone(
                () -> {
                    fs.readyToTake();
                    kept.take(name, progress);
                });
    }

    @Override
    public Duration restore(String name) {
        return restore(name, MigrationProgress.NONE);
    }

    @Override
    public Duration restore(String name, MigrationProgress progress) {
        // What cannot be read, or be an upper layer, is refused before anything changes.
        open(name).close();
        return alone(() -> fs.restore(upper.root(), () -> kept.restore(name, progress)));
    }

    private Duration alone(Runnable action) {
        long start = System.nanoTime();
        fs.tree.writeLock().lock();
        try {
            action.run();
        } finally {
            fs.tree.writeLock().unlock();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public synchronized void delete(String name) {
        kept.delete(name);
    }

    @Override
    public FileSystem open(String name) {
        var then = kept.open(name);
        FileSystem opened = null;
        try {
            opened = fs.then(then);
            return opened;
        } finally {
            if (opened == null) then.close();
        }
    }
}
