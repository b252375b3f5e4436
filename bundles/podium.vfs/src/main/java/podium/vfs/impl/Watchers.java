package podium.vfs.impl;

import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.ErrnoException;
import podium.vfs.ChangeSource;
import podium.vfs.FileWatcher;

/// Those who watch an inode. They hear what is done by calls of the VFS, or, where the backend has
/// a [ChangeSource], what that tells, which is then waited for instead.
///
/// Its monitor is the innermost but for the source's own; nobody is told under it.
final class Watchers implements FileWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    private final Inode inode;
    private final CopyOnWriteArrayList<FileWatcher> all = new CopyOnWriteArrayList<>();

    /// While anybody watches.
    private volatile @Nullable ChangeSource source;

    private ChangeSource.@Nullable Watch watch;

    Watchers(Inode inode) {
        this.inode = inode;
    }

    /// @throws ErrnoException the source's
    synchronized void add(FileWatcher watcher) {
        if (all.isEmpty()) begin();
        all.add(watcher);
        inode.mount.namespace.watched.incrementAndGet();
    }

    synchronized void remove(FileWatcher watcher) {
        if (!all.remove(watcher)) return;
        inode.mount.namespace.watched.decrementAndGet();
        if (all.isEmpty()) end();
    }

    private void begin() {
        var changes = inode.mount.changes();
        if (changes == null) return;
        watch = changes.watch(inode.backend(), this);
        source = changes;
    }

    private void end() {
        source = null;
        var ended = watch;
        watch = null;
        if (ended != null) ended.close();
    }

    /// The inode is another backend's.
    synchronized void beginAnew() {
        end();
        if (all.isEmpty()) return;
        try {
            begin();
        } catch (ErrnoException e) {
            // The inode has moved, and stays where it is: they hear less of it.
            LOG.warn("changes from outside are not told of any more: {}", e.errno().text());
        }
    }

    /// A call has done something.
    void tell(int event, int cookie, @Nullable String name) {
        if ((event & ChangeSource.KINDS) == 0 || !settled()) event(event, cookie, name);
    }

    /// @return whether a source has told what was done
    private boolean settled() {
        var telling = source;
        if (telling == null) return false;
        telling.settle();
        return true;
    }

    /// A call has taken a name away.
    void unlinked() {
        if (settled()) return;
        if (inode.isUnlinked()) ended();
        else event(ATTRIB, 0, null);
    }

    /// The last open file is closed.
    void released() {
        if (all.isEmpty() || settled()) return;
        if (inode.attributes().links() == 0) ended();
    }

    private void ended() {
        event(DELETE_SELF, 0, null);
        event(IGNORED, 0, null);
    }

    /// Something has happened, whoever did it.
    @Override
    public void event(int event, int cookie, @Nullable String name) {
        for (var watcher : all) watcher.event(event, cookie, name);
        if ((event & IGNORED) != 0) for (var watcher : all) remove(watcher);
    }
}
