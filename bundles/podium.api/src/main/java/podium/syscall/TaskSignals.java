package podium.syscall;

import org.jspecify.annotations.Nullable;

/// One task's side of signals (signal(7)). Sets of signals are bit masks: signal N is bit N-1.
///
/// Thread-safe.
public interface TaskSignals {

    /// Blocked signals.
    long mask();

    /// Blocks exactly these signals; SIGKILL and SIGSTOP are never blocked.
    void setMask(long mask);

    /// Replaces the mask until the current system call has ended and handlers have run
    /// (sigsuspend(2), ppoll(2)).
    void setMaskForCall(long mask);

    /// Pending for this task or its process, blocked ones included.
    long pending();

    /// Takes one pending signal out of a set (sigtimedwait(2)).
    ///
    /// @return what was queued, or null when none of the set is pending
    @Nullable SignalInfo take(long set);

    /// Queues a signal for this task, tgkill(2).
    void send(SignalInfo signal);

    /// Becomes `IN`-ready when a signal out of the given set is pending.
    Pollable arrival(long set);
}
