package podium.vfs.impl;

import java.util.concurrent.locks.ReentrantLock;

/// Guards names: those in a directory, or all that move in a namespace. Reentrant.
///
/// Whoever comes while it is free has it, before those who have to be woken, as with a monitor; but
/// only so many times. So those who change names all the time keep nobody out.
final class NameLock {

    /// How many may come before the one who waits longest.
    private static final int PASSES = 32;

    private final ReentrantLock lock = new ReentrantLock(true);

    /// How many have come before the one who waits longest. Changed while locked, and read before:
    /// what is read may be old, which lets a few more come.
    private volatile int passed;

    void lock() {
        int before = passed;
        if (before < PASSES && lock.tryLock()) {
            if (lock.hasQueuedThreads()) passed = before + 1;
            else if (before != 0) passed = 0;
        } else {
            lock.lock();
            passed = 0;
        }
    }

    void unlock() {
        lock.unlock();
    }
}
