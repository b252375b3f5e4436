package podium.vfs;

import org.jspecify.annotations.Nullable;
import podium.syscall.Pollable;

/// The advisory locks of one inode: record locks of processes (fcntl(2) F_SETLK), record locks of
/// open file descriptions (F_OFD_SETLK), and whole-file locks (flock(2)). The first two kinds
/// conflict with each other, the third only with its own.
///
/// Thread-safe. Nothing here waits: a caller that wants to wait blocks on [#freed] and tries again.
public interface FileLocks {

    /// Takes, changes or releases locks of one owner.
    ///
    /// @return false when another owner's lock is in the way; nothing has changed then
    boolean set(Lock lock);

    /// A lock in the way of this one, or null.
    @Nullable Lock conflict(Lock lock);

    /// `IN`-ready when nothing is in the way of a lock (any more).
    Pollable freed(Lock lock);

    /// Whether waiting for this lock would never end, since its holder waits for one of the
    /// owner's (`EDEADLK`). Only record locks of processes are looked at.
    ///
    /// @param waiting whether the owner waits from now on, or no longer
    boolean deadlock(Lock lock, boolean waiting);

    /// Whether an owner has any lock.
    boolean has(Object owner);

    /// Releases all locks of an owner.
    void end(Object owner);

    /// What a lock covers.
    enum Kind {
        RECORD,
        WHOLE
    }

    /// What a lock allows its owner.
    enum Type {
        READ,
        WRITE,
        UNLOCK
    }

    /// A lock, or the wish for one.
    ///
    /// @param owner compared by identity: the descriptor table of a process, or an open file
    /// @param pid of the owner, for display; -1 when an open file owns it
    /// @param first first byte
    /// @param last last byte, inclusive; Long.MAX_VALUE for the end, wherever that is
    record Lock(Kind kind, Type type, Object owner, int pid, long first, long last) {

        /// @throws IllegalArgumentException the range is empty or negative
        public Lock {
            if (first < 0 || last < first)
                throw new IllegalArgumentException("no range: " + first + "-" + last);
        }
    }
}
