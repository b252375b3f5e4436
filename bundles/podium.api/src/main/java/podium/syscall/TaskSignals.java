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

    /// Where handlers with SA_ONSTACK run (sigaltstack(2)); null for the task's own stack.
    @Nullable AlternativeStack alternativeStack();

    void setAlternativeStack(@Nullable AlternativeStack stack);

    /// A signal stack.
    ///
    /// @param address of its lowest byte
    record AlternativeStack(int address, int size) {

        /// The address behind its highest byte, where it starts.
        public int top() {
            return address + size;
        }

        /// Whether a stack pointer lies in it.
        public boolean contains(int stackPointer) {
            return Integer.compareUnsigned(stackPointer - address, size) <= 0;
        }
    }

    /// Becomes `IN`-ready when a signal out of the given set is pending.
    Pollable arrival(long set);
}
