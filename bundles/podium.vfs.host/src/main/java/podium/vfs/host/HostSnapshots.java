package podium.vfs.host;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountException;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;
import podium.vfs.backend.FrozenFileSystem;
import podium.vfs.backend.FrozenTree;
import podium.vfs.backend.FrozenTrees;

/// The snapshots of a directory of the host: copies of it in another one.
final class HostSnapshots implements Snapshots, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostSnapshots.class);

    /// So many numbers need not become fewer.
    private static final int FEW = 1000;

    private final HostFileSystem fs;
    private final SnapshotDirectory directory;

    /// Those that are open, or were. Its monitor is held while one is opened, or deleted.
    private final FrozenTrees trees = new FrozenTrees();

    /// Held while one is taken, restored or deleted.
    private final ReentrantLock operation = new ReentrantLock();

    private volatile boolean closing;

    /// Whether a restore could neither be done nor undone.
    private volatile boolean broken;

    private HostSnapshots(HostFileSystem fs, SnapshotDirectory directory) {
        this.fs = fs;
        this.directory = directory;
    }

    /// Finishes a restore that was cut off, or undoes it.
    ///
    /// @throws MountException in one line: they cannot be had
    static HostSnapshots open(HostFileSystem fs, String path) throws MountException {
        var directory = SnapshotDirectory.open(fs, path);
        var snapshots = new HostSnapshots(fs, directory);
        boolean done = false;
        try {
            var unfinished = directory.intended(fs.root().status());
            if (unfinished != null) snapshots.finish(unfinished);
            done = true;
            return snapshots;
        } catch (IOException e) {
            throw new MountException(path + ": " + e.getMessage(), e);
        } catch (ErrnoException e) {
            throw new MountException(
                    "%s: a restore that was cut off can neither be finished nor undone: %s"
                            .formatted(path, e.errno().text()),
                    e);
        } finally {
            if (!done) directory.close();
        }
    }

    private void finish(String name) throws IOException {
        if (fs.readOnly)
            throw new IOException("a restore was cut off; mount it once to be written");
        LOG.info("a restore of snapshot {} was cut off, and is finished now", name);
        var undo = directory.tree(SnapshotDirectory.UNDO, device());
        try {
            apply(name, () -> tree(name), undo, Meter.unseen());
        } catch (ErrnoException e) {
            if (broken) throw e;
            LOG.warn("it could not be finished, and is undone: {}", e.errno().text());
        }
        directory.forgetUndo();
    }

    private long device() {
        return fs.root().first.id().device();
    }

    private HostTree tree(String name) {
        return present(directory.tree(name, device()));
    }

    /// One as its inodes are called now.
    private HostTree present(HostTree tree) {
        var numbers = directory.numbers();
        var inodes = new ArrayList<Kept>(tree.inodes().size());
        for (var one : tree.inodes()) inodes.add(one.as(numbers.of(one.status())));
        return new HostTree(tree.taken(), inodes);
    }

    /// The host gives inodes that come anew numbers of its own.
    @Override
    public boolean keepsNumbers() {
        return false;
    }

    @Override
    public List<Snapshot> list() {
        var list = new ArrayList<Snapshot>();
        synchronized (trees) {
            for (var one : directory.heads().entrySet()) {
                var name = one.getKey();
                var head = one.getValue();
                long own = directory.own(name);
                list.add(new Snapshot(name, head.taken(), head.inodes(), head.bytes(), own));
            }
        }
        return list;
    }

    @Override
    public Duration take(String name) {
        return take(name, MigrationProgress.NONE);
    }

    @Override
    public Duration take(String name, MigrationProgress progress) {
        return timed(() -> take(name, progress, Stillness.ALREADY));
    }

    private static Duration timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void take(String name, MigrationProgress progress, Stillness still) {
        operating(
                () -> {
                    checkNew(name);
                    var meter = new Meter(progress, () -> closing);
                    var taking = begin(name, meter);
                    try {
                        taking.ahead();
                        var tree = new ArrayList<HostTree>();
                        still.during(() -> tree.add(taking.rest()));
                        meter.enter(Phase.COMMIT);
                        // A disk may lose content, and keep the times that say that it is still
                        // this one.
                        fs.syncTree();
                        directory.commit(name, tree.getFirst());
                    } finally {
                        directory.abandon();
                    }
                    meter.enter(Phase.DONE);
                });
    }

    private void checkNew(String name) {
        if (!Snapshot.isName(name)) throw Errno.EINVAL.exception();
        var heads = directory.heads();
        if (heads.containsKey(name)) throw Errno.EEXIST.exception();
        if (heads.size() >= MOST) throw Errno.EDQUOT.exception();
    }

    private void checkThere(String name) {
        if (!directory.heads().containsKey(name)) throw Errno.ENOENT.exception();
    }

    private void operating(Runnable action) {
        operation.lock();
        try {
            if (broken || closing) throw Errno.EIO.exception();
            action.run();
        } finally {
            operation.unlock();
        }
    }

    /// Begins to take one, which shares what is the same in the last one, if that is another than
    /// the one of the operation.
    private Taking begin(String name, Meter meter) {
        directory.begin();
        var taking = new Taking(fs, directory, meter);
        var last = directory.heads().lastEntry();
        if (last != null && !last.getKey().equals(name)) share(taking, last.getKey());
        return taking;
    }

    private void share(Taking taking, String name) {
        try {
            taking.share(name, tree(name));
        } catch (ErrnoException e) {
            LOG.warn("snapshot {} cannot be read, and shares nothing: {}", name, e.errno().text());
        }
    }

    @Override
    public Duration restore(String name) {
        return restore(name, MigrationProgress.NONE);
    }

    @Override
    public Duration restore(String name, MigrationProgress progress) {
        return timed(() -> restore(name, progress, Stillness.ALREADY));
    }

    /// What is there now is kept as a snapshot is, so that whatever fails can be undone.
    @Override
    public void restore(String name, MigrationProgress progress, Stillness still) {
        fs.checkWritable();
        operating(
                () -> {
                    checkThere(name);
                    var tree = tree(name);
                    var meter = new Meter(progress, () -> closing);
                    var taking = begin(name, meter);
                    taking.borrow(name, tree);
                    try {
                        taking.ahead();
                        still.during(() -> restoreStill(name, tree, taking.rest(), meter));
                    } finally {
                        directory.abandon();
                        if (!broken) directory.forgetUndo();
                    }
                    meter.enter(Phase.DONE);
                });
    }

    private void restoreStill(String name, HostTree tree, HostTree undo, Meter meter) {
        directory.intend(name, undo, fs.root().status());
        apply(name, () -> tree, undo, meter);
    }

    /// Makes the tree one, or, where that fails, what it was.
    ///
    /// @throws ErrnoException it is what it was
    private void apply(String name, Supplier<HostTree> tree, HostTree undo, Meter meter) {
        broken = true;
        fs.pause.begin();
        try {
            RuntimeException failure = null;
            Map<Numbers.Key, Numbers.Key> fresh;
            try {
                fresh = new Restoring(fs, directory, name, name, tree.get(), meter).run();
                meter.enter(Phase.COMMIT);
            } catch (RuntimeException e) {
                failure = e;
                LOG.info("a restore of snapshot {} is undone: {}", name, e.getMessage());
                var back =
                        new Restoring(
                                fs, directory, SnapshotDirectory.UNDO, name, undo, Meter.unseen());
                fresh = back.run();
            }
            fs.sync();
            if (!fresh.isEmpty()) remember(fresh);
            directory.ended();
            broken = false;
            if (failure != null) throw failure;
        } finally {
            fs.pause.end();
        }
    }

    /// Inodes came anew.
    private void remember(Map<Numbers.Key, Numbers.Key> fresh) {
        var numbers = directory.numbers().with(fresh);
        long inodes = 0;
        for (var head : directory.heads().values()) inodes += head.inodes();
        if (numbers.present().size() > 2 * inodes + FEW) {
            // Most are of inodes that no snapshot has.
            var some = new HashSet<Numbers.Key>();
            for (var name : directory.heads().keySet())
                for (var one : directory.tree(name, device()).inodes())
                    some.add(Numbers.Key.of(one.status()));
            numbers = numbers.only(some);
        }
        directory.setNumbers(numbers);
    }

    @Override
    public void delete(String name) {
        operating(
                () -> {
                    synchronized (trees) {
                        checkThere(name);
                        if (trees.contains(name)) trees.remove(name);
                        directory.delete(name);
                    }
                });
    }

    @Override
    public FileSystem open(String name) {
        synchronized (trees) {
            trees.forgetUnused();
            if (!trees.contains(name)) trees.add(frozen(name));
            int block = fs.statistics().blockSize();
            return new FrozenFileSystem(
                    trees, name, fs.capabilities(), HostFileSystem.MAGIC, block);
        }
    }

    private FrozenTree frozen(String name) {
        checkThere(name);
        var was = directory.tree(name, device());
        var tree = present(was);
        var numbers = tree.numbers(was);
        var frozen = new FrozenTree(name, tree.taken(), numbers[0]);
        for (int i = 0; i < numbers.length; i++) {
            var kept = tree.inodes().get(i);
            var content = new KeptContent(directory, name, kept.content());
            frozen.add(kept.frozen(fs, numbers, i, content));
        }
        return frozen;
    }

    /// Makes everything in their directory durable.
    void sync() {
        directory.sync();
    }

    /// Waits for what is under way, which ends at once.
    @Override
    public void close() {
        closing = true;
        operation.lock();
        try {
            directory.close();
        } finally {
            operation.unlock();
        }
    }
}
