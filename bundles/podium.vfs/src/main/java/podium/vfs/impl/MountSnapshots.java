package podium.vfs.impl;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import podium.syscall.Errno;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
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
        if (kept == null) throw none(mount.spec());
        return new MountSnapshots(namespace, mount, fs, kept);
    }

    private static MountException none(MountSpec spec) {
        var upper = spec.options().get("upper");
        var what = "%s is of type %s".formatted(spec.target(), spec.type());
        if (upper != null && spec.readOnly())
            return new MountException(
                    what + " and read-only, and so keeps no snapshots: mount it to be written");
        if (upper != null) what += " with an upper layer of type " + upper;
        return new MountException(
                what + ", which keeps no snapshots: 'fs migrate' moves it to one that does");
    }

    @Override
    public List<Snapshot> list() {
        return kept.list();
    }

    @Override
    public Duration take(String name) {
        return synced(() -> alone(() -> kept.take(name)));
    }

    @Override
    public Duration restore(String name) {
        return synced(
                () -> {
                    var held = alone(() -> restoreAlone(name));
                    mount.settle();
                    return held;
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

    @FunctionalInterface
    private interface Action {
        Duration run();
    }

    private Duration synced(Action action) {
        var held = action.run();
        fs.sync();
        return held;
    }

    /// Does something while nobody changes anything.
    private Duration alone(Action action) {
        // Whoever moves it has the gate for himself, and so have we.
        var claim = new DirtyLog();
        if (!mount.begin(claim)) throw (mount.closed() ? Errno.EIO : Errno.EAGAIN).exception();
        try {
            if (mount.fs() != fs) throw Errno.EIO.exception();
            if (!mount.gate.shut(PATIENCE.toNanos())) throw Errno.ETIMEDOUT.exception();
            long start = System.nanoTime();
            try {
                action.run();
            } finally {
                mount.gate.open();
            }
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            mount.end(claim);
        }
    }

    private Duration restoreAlone(String name) {
        try (var then = kept.open(name)) {
            for (var point : namespace.pointsOn(mount)) checkThere(then, point);
        }
        var took = kept.restore(name);
        mount.restored();
        return took;
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
        long number = point.inode.backend().attributes().inode();
        if (point.gone() || node.attributes().inode() != number) throw Errno.EBUSY.exception();
    }
}
