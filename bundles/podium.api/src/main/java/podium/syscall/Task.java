package podium.syscall;

import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.engine.Trap;

/// A guest thread inside a [Process]: the caller of a system call.
///
/// A task is used by its own thread alone, except for what says otherwise.
public interface Task {

    /// What [#block] returns: the gate then waits and calls the system call's current
    /// implementation again, with the same arguments.
    int BLOCKED = Integer.MIN_VALUE;

    /// Wait without end.
    long FOREVER = Long.MAX_VALUE;

    /// Unique within the pod, positive. The first task's is its process's pid.
    int tid();

    Process process();

    /// Name for people (PR_SET_NAME). The first task's is its process's, and so is that of any
    /// other
    /// until it is given one.
    String name();

    void setName(String name);

    GuestMemory memory();

    /// The instance it runs in. Its exports may be called only by this task's own thread.
    Instance instance();

    /// Calls code of the guest's from within a system call: an export of [#instance()], or a
    /// function
    /// of an instance among the process's [Handles]. Meanwhile the task counts as outside the
    /// family,
    /// which may be replaced, and the guest may make system calls. To be made before [#block].
    ///
    /// @return what the function returns
    /// @throws Trap the guest trapped
    @Nullable Object enter(GuestFunction function, @Nullable Object... arguments);

    /// Runs the start function of an instance among the process's [Handles], like [#enter].
    ///
    /// @throws Trap the guest trapped
    void start(Instance instance);

    /// The process's descriptors; short for `process().files()`.
    default FdTable files() {
        return process().files();
    }

    /// Asks the gate to wait until a file or another pollable is ready, and then to call this
    /// system call again. A system call never waits by itself: it does `return task.block(...)`,
    /// having changed nothing.
    ///
    /// If a signal handler ran meanwhile, the call ends with `EINTR` instead (signal(7)), unless
    /// the handler asks for a restart.
    ///
    /// @param events the bits of [Pollable] to wait for; `ERR` and `HUP` always count
    /// @return [#BLOCKED]
    default int block(Pollable pollable, int events) {
        return block(pollable, events, FOREVER);
    }

    /// Like [#block(Pollable, int)], but not past a deadline. When it passes, the system call is
    /// called once more, with [#timedOut()] true. The first deadline counts: later calls for the
    /// same system call do not move it.
    ///
    /// @param pollable what to wait for; null to wait for the deadline alone
    /// @param timeout in nanoseconds from now, not negative, or [#FOREVER]
    /// @return [#BLOCKED]
    int block(@Nullable Pollable pollable, int events, long timeout);

    /// Whether this call of the system call is the last one, after its deadline passed.
    boolean timedOut();

    /// Whether this is a repeated call of a system call that blocked before.
    boolean resumed();

    /// Keeps something for the repetitions of the current system call; forgotten when the call
    /// ends.
    /// To be set before [#block]. A family that may be replaced meanwhile keeps only what its
    /// successor understands: values, and objects of the API.
    void keep(Object state);

    /// What [#keep] was given during this system call, or null.
    @Nullable Object kept();

    /// Nanoseconds until the deadline of the current system call, 0 when it passed; [#FOREVER] when
    /// it has none.
    long remaining();

    /// What the current system call returns instead of `EINTR` if a signal handler ends it while it
    /// is blocked: such as how much it has written, after telling the guest how long it would have
    /// slept on. Runs on the task's own thread: after the handler, or before it where the call is
    /// one that is never restarted. Forgotten when the call ends. To be set before [#block].
    void onInterrupt(IntSupplier action);

    /// What to do when this task ends, however that comes: on its own thread, while its memory is
    /// still there, the action added last first. A process that is ended whole skips none.
    /// Forgotten
    /// when another program is executed, after being run.
    void onEnd(Runnable action);

    /// Ends this task alone, exit(2). Never returns: throws what unwinds the guest's frames.
    RuntimeException exit(int status);

    /// The signal mask and pending signals of this task.
    TaskSignals signals();

    /// set_tid_address(2): where zero is written, and waiters woken, when this task ends; 0 for
    /// nowhere.
    void setClearTid(int address);
}
