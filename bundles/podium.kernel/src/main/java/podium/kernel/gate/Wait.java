package podium.kernel.gate;

import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.Pollable;
import podium.syscall.Task;

/// What a task waits for in one system call, over all its repetitions.
public final class Wait {

    private static final long NONE = Long.MAX_VALUE;

    private @Nullable Pollable pollable;
    private int events;
    private boolean interruptible;

    /// In terms of System.nanoTime().
    private long deadline;

    private boolean limited;

    /// Set by the system call, taken back by the gate.
    boolean armed;

    boolean resumed;
    boolean timedOut;
    @Nullable IntSupplier onInterrupt;
    @Nullable Object kept;

    void arm(@Nullable Pollable pollable, int events, long timeout, boolean interruptible) {
        this.pollable = pollable;
        this.events = events | Pollable.ERR | Pollable.HUP;
        this.interruptible = interruptible;
        armed = true;
        limit(timeout);
    }

    /// Sets the deadline, unless there is one.
    void limit(long timeout) {
        if (limited || timeout == Task.FOREVER) return;
        // Some 146 years are for ever; the sum must not wrap past what nanoTime compares.
        deadline = System.nanoTime() + Math.min(Math.max(timeout, 0), NONE >> 1);
        limited = true;
    }

    public @Nullable Pollable pollable() {
        return pollable;
    }

    public int events() {
        return events;
    }

    /// Whether a signal handler may run meanwhile.
    public boolean interruptible() {
        return interruptible;
    }

    /// Nanoseconds to the deadline, 0 when it passed, or [Task#FOREVER].
    public long remaining() {
        return limited ? Math.max(0, deadline - System.nanoTime()) : Task.FOREVER;
    }
}
