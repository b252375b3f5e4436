package podium.vfs.host;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import podium.syscall.Killable;

/// A time in which one thread changes a tree, and calls of others that only read wait, as nobody
/// may see half of it. (Other calls are held by the VFS.) Whoever waits can be killed. Thread-safe.
final class Pause {

    private volatile @Nullable Thread owner;
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    /// The calling thread's begins.
    void begin() {
        owner = Thread.currentThread();
    }

    void end() {
        owner = null;
        waiting.forEach(LockSupport::unpark);
    }

    /// Whether it is the calling thread's.
    boolean isOwn() {
        return owner == Thread.currentThread();
    }

    /// Waits for its end; for before anything is locked.
    ///
    /// @throws podium.syscall.ErrnoException `EINTR`: the caller was killed
    void await() {
        if (owner != null && !isOwn()) awaitEnd();
    }

    private void awaitEnd() {
        var thread = Thread.currentThread();
        boolean interrupted = false;
        waiting.add(thread);
        try {
            while (owner != null) {
                Killable.check();
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        } finally {
            waiting.remove(thread);
            if (interrupted) thread.interrupt();
        }
    }
}
