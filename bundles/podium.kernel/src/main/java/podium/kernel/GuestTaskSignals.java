package podium.kernel;

import org.jspecify.annotations.Nullable;
import podium.syscall.Pollable;
import podium.syscall.SignalInfo;
import podium.syscall.TaskSignals;

/// One task's signal mask and pending signals. Thread-safe: the queue is guarded by the process's
/// [ProcessSignals].
final class GuestTaskSignals implements TaskSignals {

    private final GuestTask task;
    private final SignalQueue queue = new SignalQueue();
    private volatile long mask;

    /// What the mask was before the current call replaced it.
    private long savedMask;

    private boolean replaced;
    private volatile @Nullable AlternativeStack alternativeStack;

    GuestTaskSignals(GuestTask task, long mask) {
        this.task = task;
        this.mask = mask;
    }

    SignalQueue queue() {
        return queue;
    }

    @Override
    public long mask() {
        return mask;
    }

    @Override
    public void setMask(long mask) {
        this.mask = mask & ~Signals.UNBLOCKABLE;
        task.process().signals().review(task);
    }

    @Override
    public void setMaskForCall(long mask) {
        if (!replaced) savedMask = this.mask;
        replaced = true;
        setMask(mask);
    }

    /// The call has ended, and handlers it let in have run.
    void restoreMask() {
        if (!replaced) return;
        replaced = false;
        setMask(savedMask);
    }

    @Override
    public long pending() {
        return task.process().signals().pending(task);
    }

    @Override
    public @Nullable SignalInfo take(long set) {
        return task.process().signals().take(task, set & ~Signals.UNBLOCKABLE);
    }

    @Override
    public void send(SignalInfo signal) {
        task.process().signals().send(signal, task);
    }

    @Override
    public @Nullable AlternativeStack alternativeStack() {
        return alternativeStack;
    }

    @Override
    public void setAlternativeStack(@Nullable AlternativeStack stack) {
        alternativeStack = stack;
    }

    @Override
    public Pollable arrival(long set) {
        var signals = task.process().signals();
        return signals.arrivals()
                .pollable(() -> (signals.pending(task) & set) != 0 ? Pollable.IN : 0);
    }
}
