package podium.vfs.host;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.ChangeSource;
import podium.vfs.FileWatcher;
import podium.vfs.Node;

/// What the host does to a file system, by its inotify(7): an instance, with a thread, from the
/// first watch to the last.
///
/// Its monitor guards which instance there is, and is never held by who closes descriptors.
final class Watches implements ChangeSource, IntConsumer {

    /// Whether the host's kernel has it.
    private static final class Support {
        static final boolean THERE = test();

        private static boolean test() {
            try {
                Linux.close(Linux.inotifyInit());
                return true;
            } catch (ErrnoException e) {
                // Too many instances at this moment are a matter of this moment.
                return e.errno() != Errno.ENOSYS;
            }
        }
    }

    /// How many watches a mount gets: an eighth of what its user may have, as of descriptors.
    private static final class Limit {

        static final int ONE = Math.clamp(Linux.inotify("max_user_watches") / 8, 16, 65_536);
    }

    private final HostFileSystem fs;
    private final int most;
    private volatile @Nullable Instance instance;
    private boolean closed;

    Watches(HostFileSystem fs) {
        this(fs, Limit.ONE);
    }

    /// @param most watches at once
    Watches(HostFileSystem fs, int most) {
        this.fs = fs;
        this.most = most;
        fs.descriptors.setCloser(this);
    }

    static boolean areThere() {
        return Support.THERE;
    }

    @Override
    public Watch watch(Node node, FileWatcher watcher) {
        if (!(node instanceof HostNode inode) || inode.fs != fs) throw Errno.EXDEV.exception();
        try (var reached = inode.reach()) {
            return add(inode, reached, watcher);
        }
    }

    private synchronized Watch add(HostNode node, Descriptor reached, FileWatcher watcher) {
        if (closed) throw Errno.EIO.exception();
        var present = instance;
        if (present == null) instance = present = Instance.start(fs, this);
        Watched watched;
        try {
            if (present.count() >= most) throw Errno.ENOSPC.exception();
            watched = present.add(node, reached, watcher);
        } catch (ErrnoException e) {
            endUnused();
            throw e;
        }
        node.watched(true);
        return () -> remove(watched, watcher);
    }

    private synchronized void remove(Watched watched, FileWatcher watcher) {
        if (!watched.remove(watcher)) return;
        watched.node().watched(false);
        watched.instance().remove(watched);
        endUnused();
    }

    private void endUnused() {
        var present = instance;
        if (present == null || present.count() > 0) return;
        instance = null;
        present.stop();
    }

    @Override
    public void settle() {
        var present = instance;
        if (present != null) present.settle();
    }

    /// Closes a descriptor that may write. The VFS tells of what guests close.
    @Override
    public void accept(int descriptor) {
        var present = instance;
        if (present == null) Linux.close(descriptor);
        else present.close(descriptor);
    }

    /// Ends all watches.
    synchronized void close() {
        closed = true;
        var present = instance;
        instance = null;
        if (present != null) present.stop();
    }
}
