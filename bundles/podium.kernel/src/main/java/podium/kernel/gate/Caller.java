package podium.kernel.gate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.Task;

/// The part of a task that the gates work with: which implementation it is in, what wants its
/// attention, and what it waits for.
///
/// Used by the task's own thread, except for the fields that are volatile.
public abstract class Caller implements Task {

    /// Reasons in [#attention].
    public static final int TRACED = 1;

    public static final int SIGNALLED = 2;
    public static final int KILLED = 4;
    public static final int STOPPED = 8;
    public static final int FREEZING = 16;

    private static final long[] NO_COUNTS = {};
    private static final VarHandle INSIDE;
    private static final VarHandle ATTENTION;

    static {
        try {
            var lookup = MethodHandles.lookup();
            INSIDE = lookup.findVarHandle(Caller.class, "inside", long.class);
            ATTENTION = lookup.findVarHandle(Caller.class, "attention", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// The id of the [Target] this task is in; 0 when it is in none. A number, not the target, so
    /// that publishing it costs no more than a store.
    @SuppressWarnings("unused") // through INSIDE
    private volatile long inside;

    private volatile int attention;

    private long[] counts = new long[64];

    /// What [#count] looks at: [#counts], or nothing while frames are put up, so that a call which
    /// comes then is noticed without a test in each.
    private long[] counting = counts;

    @Nullable Wait waiting;

    /// What the last call that failed was answered with, for those who must tell an error number
    /// from a result of the same value.
    @Nullable Errno failure;

    /// Says where this task is going. The caller looks again whether that is still the place to go.
    final void enter(long target) {
        INSIDE.setVolatile(this, target);
    }

    final void leave() {
        INSIDE.setRelease(this, 0L);
    }

    final long inside() {
        return (long) INSIDE.getVolatile(this);
    }

    final void count(int gate) {
        var counts = counting;
        if (gate >= counts.length) counts = more(gate);
        counts[gate]++;
    }

    private long[] more(int gate) {
        if (counting != counts) {
            counting = counts;
            throw Unwind.REWOUND;
        }
        return counts = counting = Arrays.copyOf(counts, gate + 64);
    }

    /// The guest is about to put up frames that were taken down: the next call is the one it was
    /// in.
    public final void expectRewound() {
        counting = NO_COUNTS;
    }

    /// How many calls it made through each gate, by the gate's index. Another thread sees them a
    /// little late.
    public final long[] counts() {
        return counts;
    }

    /// What is to be done before the guest goes on.
    public final int attention() {
        return attention;
    }

    public final boolean attention(int reason) {
        return (attention & reason) != 0;
    }

    /// Adds reasons, from any thread.
    public final void alert(int reasons) {
        ATTENTION.getAndBitwiseOr(this, reasons);
    }

    /// Removes reasons, from any thread.
    public final void calm(int reasons) {
        ATTENTION.getAndBitwiseAnd(this, ~reasons);
    }

    @Override
    public final @Nullable Object enter(GuestFunction function, @Nullable Object... arguments) {
        return outside(() -> function.call(arguments));
    }

    @Override
    public final void start(Instance instance) {
        outside(
                () -> {
                    instance.start();
                    return null;
                });
    }

    private @Nullable Object outside(Supplier<@Nullable Object> call) {
        leave();
        var waits = waiting;
        waiting = null;
        try {
            return inGuest(call);
        } finally {
            waiting = waits;
        }
    }

    /// Runs code of the guest's, so that it ends when the task is made to end.
    ///
    /// @throws RuntimeException what unwinds the guest, when the task is made to end
    protected abstract @Nullable Object inGuest(Supplier<@Nullable Object> call);

    @Override
    public final int block(@Nullable Pollable pollable, int events, long timeout) {
        wish().arm(pollable, events, timeout, true);
        return BLOCKED;
    }

    /// Like [#block(Pollable, int, long)] without end, but no signal handler runs meanwhile.
    public final int blockUninterruptibly(Pollable pollable, int events) {
        wish().arm(pollable, events, FOREVER, false);
        return BLOCKED;
    }

    @Override
    public final boolean timedOut() {
        var waiting = this.waiting;
        return waiting != null && waiting.timedOut;
    }

    @Override
    public final boolean resumed() {
        var waiting = this.waiting;
        return waiting != null && waiting.resumed;
    }

    @Override
    public final long remaining() {
        var waiting = this.waiting;
        return waiting == null ? FOREVER : waiting.remaining();
    }

    @Override
    public final void onInterrupt(IntSupplier action) {
        wish().onInterrupt = action;
    }

    @Override
    public final void keep(Object state) {
        wish().kept = state;
    }

    @Override
    public final @Nullable Object kept() {
        var waiting = this.waiting;
        return waiting == null ? null : waiting.kept;
    }

    /// Sets how long the call may wait.
    final void limit(long timeout) {
        wish().limit(timeout);
    }

    private Wait wish() {
        var waiting = this.waiting;
        return waiting == null ? this.waiting = new Wait() : waiting;
    }

    /// Waits, outside any target, until what is waited for is ready, its deadline passes, or a
    /// signal handler is to run.
    ///
    /// @throws RuntimeException what unwinds the guest, when the task is made to end
    protected abstract Wakeup await(Wait wait);

    /// Does what [#attention()] asks for: runs signal handlers, stops, ends.
    ///
    /// @param handlers whether handlers may run now
    /// @return what that means for a system call that was waiting
    /// @throws RuntimeException what unwinds the guest, when the task is made to end
    protected abstract Outcome attend(boolean handlers);

    /// Whether the process is to be frozen, and can be at this call.
    protected abstract boolean freezes();

    /// Has the guest's frames taken down, as soon as the call returns, whatever it does.
    ///
    /// @param call how it goes on once they are there again
    protected abstract void unwind(PausedCall call);

    /// The frames that were taken down are there again.
    ///
    /// @return how the call goes on
    protected abstract PausedCall rewound();

    /// The system call has ended: puts back a mask it replaced.
    protected abstract void callEnded();

    /// Where its calls are traced to, or null.
    protected abstract @Nullable Tracer tracer();

    /// It did not leave a target that is gone. Called by any thread.
    protected abstract void straggling(String target);

    /// Why waiting ended.
    public enum Wakeup {
        READY,
        TIMED_OUT,
        SIGNAL
    }

    /// What attending to signals did.
    public enum Outcome {
        /// No handler ran.
        NOTHING,
        /// A handler ran that wants system calls restarted.
        RESTART,
        /// A handler ran.
        INTERRUPTED
    }
}
