package podium.syscall;

import org.jspecify.annotations.Nullable;

/// A process's ended children, for waitid(2) and wait4(2): asked for anew by every attempt to reap.
/// Thread-safe.
public interface ChildEvents {

    /// Takes an ended child.
    ///
    /// @param which a pid; 0 for any; a negated process group
    /// @param keep leaves it to be reaped again (WNOWAIT)
    /// @return null when a matching child exists and none has ended
    /// @throws ErrnoException `ECHILD` when there is no such child
    @Nullable Ended reap(int which, boolean keep);

    /// `IN`-ready when a child has ended since these events were asked for.
    Pollable arrival();

    /// How a child ended.
    ///
    /// @param status exit code, or the signal's number
    /// @param signalled whether a signal ended it
    /// @param cpuTime in nanoseconds
    record Ended(int pid, int uid, int status, boolean signalled, long cpuTime) {}
}
