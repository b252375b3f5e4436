package podium.vfs.impl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import podium.syscall.Pollable;
import podium.syscall.WaitQueue;
import podium.vfs.FileLocks;

/// The advisory locks of one inode.
final class Locks implements FileLocks {

    /// For which lock an owner waits, of all inodes: to find circles.
    private static final Map<Object, Wish> WAITING = new WeakHashMap<>();

    private record Wish(Locks locks, Lock lock) {}

    private final List<Lock> held = new ArrayList<>();
    private final WaitQueue waiters = new WaitQueue();

    @Override
    public boolean set(Lock lock) {
        synchronized (this) {
            if (lock.type() != Type.UNLOCK && conflict(lock) != null) return false;
            replace(lock);
        }
        // Weaker or fewer locks may let others in.
        if (lock.type() != Type.WRITE) waiters.wake(Pollable.IN);
        return true;
    }

    /// Cuts the lock's range out of what its owner has, and puts the lock there.
    private void replace(Lock lock) {
        var kept = new ArrayList<Lock>(held.size() + 2);
        long first = lock.first();
        long last = lock.last();
        for (var old : held) {
            boolean other = old.owner() != lock.owner() || old.kind() != lock.kind();
            if (other || old.last() < first || old.first() > last) {
                kept.add(old);
                continue;
            }
            if (old.first() < first) kept.add(part(old, old.first(), first - 1));
            if (old.last() > last) kept.add(part(old, last + 1, old.last()));
        }
        if (lock.type() != Type.UNLOCK) kept.add(lock);
        held.clear();
        held.addAll(kept);
    }

    private static Lock part(Lock lock, long first, long last) {
        return new Lock(lock.kind(), lock.type(), lock.owner(), lock.pid(), first, last);
    }

    @Override
    public synchronized @Nullable Lock conflict(Lock lock) {
        for (var other : held) {
            if (other.owner() == lock.owner() || other.kind() != lock.kind()) continue;
            if (other.last() < lock.first() || other.first() > lock.last()) continue;
            if (other.type() == Type.WRITE || lock.type() == Type.WRITE) return other;
        }
        return null;
    }

    @Override
    public synchronized boolean has(Object owner) {
        for (var lock : held) if (lock.owner() == owner) return true;
        return false;
    }

    @Override
    public Pollable freed(Lock lock) {
        return waiters.pollable(() -> conflict(lock) == null ? Pollable.IN : 0);
    }

    @Override
    public boolean deadlock(Lock lock, boolean waiting) {
        synchronized (WAITING) {
            WAITING.remove(lock.owner());
            if (!waiting) return false;
            var at = new Wish(this, lock);
            // Each step leads to another owner; more steps than waiters is a circle of others.
            for (int step = 0; step <= WAITING.size(); step++) {
                var holder = at.locks.conflict(at.lock);
                if (holder == null || holder.pid() < 0) break;
                if (holder.owner() == lock.owner()) return true;
                at = WAITING.get(holder.owner());
                if (at == null) break;
            }
            WAITING.put(lock.owner(), new Wish(this, lock));
            return false;
        }
    }

    @Override
    public void end(Object owner) {
        boolean any;
        synchronized (this) {
            any = held.removeIf(lock -> lock.owner() == owner);
        }
        if (any) waiters.wake(Pollable.IN);
    }
}
