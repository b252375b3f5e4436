package podium.vfs.impl;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import podium.syscall.Killable;

/// Guards names: those in a directory, or all that move in a namespace. Reentrant.
///
/// Whoever comes while it is free has it, before those who have to be woken, as with a monitor; but
/// only so many times. So those who change names all the time keep nobody out.
final class NameLock {

    /// How many may come before the one who waits longest.
    private static final int PASSES = 32;

    /// After so many milliseconds whoever waits looks whether it was killed, and queues anew.
    private static final int LOOK = 100;

    private final ReentrantLock lock = new ReentrantLock(true);

    /// How many have come before the one who waits longest. Changed while locked, and read before:
    /// what is read may be old, which lets a few more come.
    private volatile int passed;

    /// @throws podium.syscall.ErrnoException `EINTR`: the caller was killed while it waited
    void lock() {
        int before = passed;
        if (before < PASSES && lock.tryLock()) {
            if (lock.hasQueuedThreads()) passed = before + 1;
            else if (before != 0) passed = 0;
        } else {
            await();
            passed = 0;
        }
    }

    /// Whoever has it may be waiting at a mount's gate for long.
    private void await() {
        boolean interrupted = false;
        try {
            for (boolean locked = false; !locked; ) {
                Killable.check();
                try {
                    locked = lock.tryLock(LOOK, TimeUnit.MILLISECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    void unlock() {
        lock.unlock();
    }
}
