package podium.vfs.host;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.ChangeSource;
import podium.vfs.FileWatcher;

/// An inotify instance of the host's, and the thread that reads it.
///
/// A watch of an empty file that ends at once leaves a mark in the queue, `IN_IGNORED` with its
/// number: what was before it has been told when the thread comes to it. Who changes something
/// waits for one; and what lies between two of them may be this process's own closing of a file.
final class Instance {

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    private static final int MASK = ChangeSource.KINDS | FileWatcher.CLOSE_WRITE;
    private static final int DIRECTORY_GONE = FileWatcher.DELETE | FileWatcher.IS_DIRECTORY;

    private final HostFileSystem fs;

    /// Its monitor is held while watches are added.
    private final Watches owner;

    private final Descriptor inotify;

    /// What marks are watches of.
    private final Descriptor empty;

    /// By number.
    private final Map<Integer, Watched> watches = new ConcurrentHashMap<>();

    /// Marks that the thread has not come to, and what to do then.
    private final Map<Integer, Runnable> marks = new ConcurrentHashMap<>();

    /// Held while marks are made: they are watches of one inode. Nothing is waited for meanwhile.
    private final Object marking = new Object();

    /// Guarded by [#marking].
    private boolean stopped;

    /// Whether the thread is to end.
    private volatile boolean ending;

    /// What this process was closing at that place of the queue. The thread's.
    private @Nullable Closing closing;

    private Instance(HostFileSystem fs, Watches owner, Descriptor inotify, Descriptor empty) {
        this.fs = fs;
        this.owner = owner;
        this.inotify = inotify;
        this.empty = empty;
    }

    /// @throws ErrnoException `ENOSPC`: there are too many instances
    static Instance start(HostFileSystem fs, Watches owner) {
        Descriptor inotify;
        try {
            inotify = fs.descriptors.open(false, Linux::inotifyInit);
        } catch (ErrnoException e) {
            // EMFILE is another limit to those who add a watch.
            boolean full = e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE;
            throw full ? Errno.ENOSPC.exception() : e;
        }
        try {
            var empty = fs.descriptors.open(false, Linux::memfdCreate);
            var instance = new Instance(fs, owner, inotify, empty);
            Thread.ofPlatform().daemon().name("podium-host-watches").start(instance::run);
            return instance;
        } catch (ErrnoException | OutOfMemoryError e) {
            inotify.passing().close();
            throw e;
        }
    }

    int count() {
        return watches.size();
    }

    /// Watches an inode. The owner's monitor is held.
    Watched add(HostNode node, Descriptor reached, FileWatcher watcher) {
        synchronized (marking) {
            if (stopped) throw Errno.EIO.exception();
            int number = Linux.inotifyAddWatch(inotify.number(), reached.number(), MASK);
            var watched = watches.computeIfAbsent(number, _ -> new Watched(this, number, node));
            watched.watchers().add(watcher);
            return watched;
        }
    }

    void remove(Watched watched) {
        if (!watches.remove(watched.number(), watched)) return;
        synchronized (marking) {
            if (stopped) return;
            try {
                Linux.inotifyRmWatch(inotify.number(), watched.number());
            } catch (ErrnoException e) {
                // The inode was removed, and its watch with it.
                if (e.errno() != Errno.EINVAL) throw e;
            }
        }
    }

    /// Lets the thread end.
    void stop() {
        synchronized (marking) {
            if (stopped) return;
            stopped = true;
            ending = true;
            // Else the queue is full, and the thread awake.
            mark(() -> {});
        }
    }

    /// Waits until the thread has told all that is in the queue.
    void settle() {
        var told = new CountDownLatch(1);
        synchronized (marking) {
            if (stopped || !mark(told::countDown)) return;
        }
        boolean interrupted = false;
        while (told.getCount() > 0)
            try {
                told.await();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /// Closes a descriptor that may write, which is not told.
    void close(int descriptor) {
        synchronized (marking) {
            if (stopped) {
                Linux.close(descriptor);
                return;
            }
            var file = Closing.of(descriptor);
            mark(() -> closing = file);
            Linux.close(descriptor);
            mark(() -> closing = null);
        }
    }

    /// Puts a mark at the end of the queue. [#marking] is held.
    ///
    /// @return false when the host has no watch left for it
    private boolean mark(Runnable reached) {
        int number;
        try {
            number = Linux.inotifyAddWatch(inotify.number(), empty.number(), FileWatcher.ATTRIB);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOSPC || e.errno() == Errno.ENOMEM) return false;
            throw e;
        }
        marks.put(number, reached);
        Linux.inotifyRmWatch(inotify.number(), number);
        return true;
    }

    private void run() {
        try {
            while (!ending)
                for (var event : InotifyEvent.read(inotify.number())) if (!ending) take(event);
        } catch (RuntimeException e) {
            LOG.error("changes of the host are not told of any more", e);
        } finally {
            end();
        }
    }

    private void end() {
        synchronized (marking) {
            stopped = true;
        }
        passMarks();
        inotify.passing().close();
        empty.passing().close();
    }

    private void passMarks() {
        for (var number : marks.keySet()) pass(number);
    }

    /// @return whether it was a mark
    private boolean pass(int number) {
        var mark = marks.remove(number);
        if (mark == null) return false;
        mark.run();
        return true;
    }

    private void take(InotifyEvent event) {
        if (event.is(FileWatcher.OVERFLOW)) {
            overflow();
            return;
        }
        if (event.is(FileWatcher.IGNORED) && pass(event.watch())) return;
        var watched = watched(event.watch());
        if (watched == null) return;
        if (event.is(FileWatcher.IGNORED)) watches.remove(event.watch(), watched);
        if (event.is(FileWatcher.CLOSE_WRITE) && isOwn(watched, event)) return;
        // What is kept open of what was in there would keep its watch from ending.
        if (event.is(DIRECTORY_GONE)) fs.descriptors.shrink();
        int cookie = event.cookie() == 0 ? 0 : event.cookie() | Integer.MIN_VALUE;
        watched.tell(event.mask(), cookie, event.name());
    }

    private boolean isOwn(Watched watched, InotifyEvent event) {
        var present = closing;
        return present != null && present.hides(watched, event);
    }

    /// Events were lost, marks perhaps among them.
    private void overflow() {
        passMarks();
        closing = null;
        for (var watched : watches.values()) watched.tell(FileWatcher.OVERFLOW, 0, null);
    }

    private @Nullable Watched watched(int number) {
        var known = watches.get(number);
        if (known != null) return known;
        // Whoever adds it has perhaps not come so far.
        synchronized (owner) {
            return watches.get(number);
        }
    }
}
