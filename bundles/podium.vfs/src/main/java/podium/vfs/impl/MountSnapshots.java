package podium.vfs.impl;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import podium.syscall.Errno;
import podium.vfs.FileSystem;
import podium.vfs.MigrationProgress;
import podium.vfs.MountException;
import podium.vfs.Node;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;
import podium.vfs.migrate.DirtyLog;

/// The snapshots of a mount: what its file system does, while programs are held. See RATIONALE:
/// snapshots.
///
/// @param kept the file system's own
record MountSnapshots(Namespace namespace, Mount mount, FileSystem fs, Snapshots kept)
        implements Snapshots {

    /// How long it waits for calls that were begun before.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// @throws MountException the file system keeps none
    static MountSnapshots of(Namespace namespace, Mount mount) throws MountException {
        var fs = mount.fs();
        var kept = fs.snapshots();
        if (kept == null) {
            var spec = mount.spec();
            throw new MountException(
                    "%s is of type %s%s"
                            .formatted(spec.target(), spec.type(), fs.withoutSnapshots()));
        }
        return new MountSnapshots(namespace, mount, fs, kept);
    }

    @Override
    public List<Snapshot> list() {
        return kept.list();
    }

    @Override
    public Duration take(String name) {
        return take(name, MigrationProgress.NONE);
    }

    @Override
    public Duration take(String name, MigrationProgress progress) {
        return held(still -> kept.take(name, progress, still));
    }

    @Override
    public Duration restore(String name) {
        return restore(name, MigrationProgress.NONE);
    }

    @Override
    public Duration restore(String name, MigrationProgress progress) {
        return held(
                still -> {
                    kept.restore(
                            name, progress, work -> still.during(() -> restoreAlone(name, work)));
                    mount.settle();
                });
    }

    @Override
    public void delete(String name) {
        kept.delete(name);
        fs.sync();
    }

    @Override
    public FileSystem open(String name) {
        return kept.open(name);
    }

    /// Does something that needs nobody else there for a part of it.
    ///
    /// @return for how long that was
    private Duration held(Consumer<Stillness> action) {
        // Whoever moves it has the gate for himself, and so have we.
        var claim = DirtyLog.blind();
        if (!mount.acquire()) throw Errno.EIO.exception();
        try {
            if (!mount.begin(claim)) throw (mount.closed() ? Errno.EIO : Errno.EAGAIN).exception();
            try {
                if (mount.fs() != fs) throw Errno.EIO.exception();
                var held = new AtomicLong();
                action.accept(work -> held.addAndGet(alone(work)));
                fs.sync();
                return Duration.ofNanos(held.get());
            } finally {
                mount.end(claim);
            }
        } finally {
            mount.release();
        }
    }

    /// Does something while nobody changes anything.
    ///
    /// @return nanoseconds that it took
    private long alone(Runnable work) {
        if (!mount.gate.shut(PATIENCE.toNanos())) throw Errno.ETIMEDOUT.exception();
        long start = System.nanoTime();
        try {
            work.run();
        } finally {
            mount.gate.open();
        }
        return System.nanoTime() - start;
    }

    private void restoreAlone(String name, Runnable work) {
        var points = namespace.pointsOn(mount);
        if (!points.isEmpty())
            try (var then = kept.open(name)) {
                for (var point : points) checkThere(then, point);
            }
        try {
            work.run();
        } finally {
            // Where it failed, too: inodes may have come anew.
            mount.restored();
        }
    }

    /// Whether a directory that something is mounted on is at the same place in a snapshot.
    private static void checkThere(FileSystem then, Entry point) {
        var way = new ArrayDeque<Entry>();
        for (var at = point; at != null && at.parent() != null; at = at.parent()) way.push(at);
        Node node = then.root();
        for (var at : way) {
            node = node instanceof Node.Directory directory ? directory.lookup(at.name()) : null;
            if (node == null) throw Errno.EBUSY.exception();
        }
        var was = node.attributes();
        var is = point.inode.backend().attributes();
        // A number alone may be another one's by now.
        boolean same = was.inode() == is.inode() && was.born() == is.born();
        if (point.gone() || !same) throw Errno.EBUSY.exception();
    }
}
