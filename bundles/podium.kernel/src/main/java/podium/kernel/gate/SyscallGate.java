package podium.kernel.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.Trap;
import podium.engine.ValueType;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.ErrorNumbers;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// The way from one import of a guest to whoever implements it now. A guest's call publishes the
/// target it is about to enter and then looks whether that is still the target; who replaces a
/// target publishes the new one and then looks for tasks inside the old. So no call starts on a
/// target after its family was told that it is out of use.
///
/// Waiting happens here alone, outside of any target, and so do signal handlers.
///
/// Thread-safe.
public final class SyscallGate {

    private static final Logger LOG = LoggerFactory.getLogger(SyscallGate.class);

    /// Parameters up to which a call needs no array: as many as Linux has.
    private static final int DIRECT = 6;

    /// Calls that end with EINTR after any handler, SA_RESTART or not (signal(7)).
    private static final Set<String> NEVER_RESTARTED =
            Set.of(
                    "epoll_pwait",
                    "epoll_pwait2",
                    "poll",
                    "ppoll_time64",
                    "pselect6_time64",
                    "nanosleep",
                    "clock_nanosleep_time64",
                    "rt_sigsuspend",
                    "rt_sigtimedwait_time64",
                    "semtimedop_time64");

    private static final VarHandle TARGET;

    /// The methods `call0` and so on, by the number of their arguments.
    private static final MethodHandle[] CALLS = new MethodHandle[DIRECT + 1];

    private static final MethodHandle COLLECT;

    /// The method `callWide`, and the parameters it is for: those of clocks, whose precision is
    /// long.
    private static final MethodHandle WIDE;

    private static final List<ValueType> WIDE_PARAMETERS =
            List.of(ValueType.I32, ValueType.I64, ValueType.I32);

    static {
        var lookup = MethodHandles.lookup();
        try {
            TARGET = lookup.findVarHandle(SyscallGate.class, "target", Target.class);
            var type = MethodType.methodType(int.class, Object.class);
            for (int i = 0; i <= DIRECT; i++, type = type.appendParameterTypes(int.class))
                CALLS[i] = lookup.findVirtual(SyscallGate.class, "call" + i, type);
            type = MethodType.methodType(long.class, Object.class, long[].class);
            COLLECT = lookup.findVirtual(SyscallGate.class, "collect", type);
            type = MethodType.methodType(int.class, Object.class, int.class, long.class, int.class);
            WIDE = lookup.findVirtual(SyscallGate.class, "callWide", type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// How often a held caller looks whether its task is to end.
    private static final long HOLD_LOOK = 5_000_000;

    private final String module;
    private final String name;
    private final FunctionType type;
    private final int index;
    private final boolean restartable;
    private final HostFunction function;

    /// Changed by the table, and by callers from unbound to bound.
    private volatile Target target;

    /// How errors are told: as the last family had it, so that it still holds when none is there.
    private volatile ErrorNumbers errors = ErrorNumbers.NEGATED;

    /// While the target is absent: until when callers are held, by System.nanoTime().
    private volatile long heldUntil;

    SyscallGate(String module, String name, FunctionType type, int index) {
        this.module = module;
        this.name = name;
        this.type = type;
        this.index = index;
        restartable = !(module.equals("linux") && NEVER_RESTARTED.contains(name));
        target = Target.missing(type);
        function = new HostFunction(type, entry());
    }

    public String module() {
        return module;
    }

    public String name() {
        return name;
    }

    public FunctionType type() {
        return type;
    }

    /// Its place in [Caller#counts()].
    public int index() {
        return index;
    }

    /// What guests import.
    public HostFunction function() {
        return function;
    }

    /// Whether somebody implements it now.
    public boolean provided() {
        return target.owner != null;
    }

    /// Whether somebody implements it now, or callers are held because somebody may.
    boolean awaited() {
        var now = target;
        return now.id == 0 ? heldUntil - System.nanoTime() > 0 : now.owner != null;
    }

    ErrorNumbers errors() {
        return errors;
    }

    Target target() {
        return target;
    }

    /// Replaces the target.
    ///
    /// @param hold how long callers wait, in nanoseconds, when there is none
    void publish(@Nullable Target next, long hold) {
        if (next == null) heldUntil = System.nanoTime() + hold;
        else if (next.owner instanceof SyscallFamily family) errors = family.errors();
        target = next != null ? next : Target.absent();
    }

    /// Calls with raw bits, from within the kernel: for numbers and names known only at run time.
    public long call(Caller task, long[] arguments) {
        long result;
        try {
            result = (long) enter(task).spread().invokeExact(task, arguments);
        } catch (Throwable failure) {
            result = failed(task, failure, arguments);
        }
        task.leave();
        return attended(task, result) ? result : settle(task, result, arguments);
    }

    private Target enter(Caller task) {
        task.count(index);
        for (var t = target; ; t = target) {
            if (t.id == 0) {
                makeReady(t, task);
                continue;
            }
            task.enter(t.id);
            if (t == target) return t;
            task.leave();
        }
    }

    /// Binds a target that is entered for the first time, or waits for one to come.
    private void makeReady(Target unready, Caller task) {
        var bound = unready.bound();
        if (bound == null) hold(task);
        else TARGET.compareAndSet(this, unready, bound); // else there is another one meanwhile
    }

    private static boolean attended(Caller task, long result) {
        return result != Task.BLOCKED && task.attention() == 0;
    }

    /// Waits for a target to come.
    private void hold(Caller task) {
        while (target.boundId == 0) {
            long left = heldUntil - System.nanoTime();
            if (left <= 0) throw Errno.ENOSYS.exception();
            if (task.attention(Caller.KILLED)) task.attend(false);
            LockSupport.parkNanos(this, Math.min(left, HOLD_LOOK));
        }
    }

    /// Turns what a target threw into a result, or passes it on.
    private long failed(Caller task, Throwable failure, long... arguments) {
        if (failure == Unwind.REWOUND) return resume(task, arguments);
        if (failure instanceof ErrnoException e && answersErrno()) {
            task.failure = e.errno();
            return errors.of(e.errno());
        }
        task.leave();
        task.waiting = null;
        if (failure instanceof Unwind unwind) {
            var tracer = task.tracer();
            if (tracer != null) tracer.unfinished(task, this, arguments);
            throw unwind;
        }
        if (failure instanceof VirtualMachineError error) throw error;
        if (failure instanceof Trap trap) throw trap; // of code of the guest's that it called
        if (failure instanceof IllegalStateException closed && task.attention(Caller.KILLED)) {
            task.attend(false); // its memory went away below it
            throw closed;
        }
        LOG.error("{}.{} failed", module, name, failure);
        task.failure = Errno.EIO;
        return errors.of(Errno.EIO);
    }

    /// The call in which the guest's frames were taken down, when they are there again.
    private long resume(Caller task, long[] arguments) {
        var paused = task.rewound();
        if (!paused.repeats()) return paused.result();
        task.limit(paused.remaining());
        long result = again(task, arguments);
        if (result != Task.BLOCKED) task.waiting = null; // the limit is this call's alone
        return result;
    }

    private boolean answersErrno() {
        var result = type.resultJavaType();
        return result == int.class || result == long.class;
    }

    /// The rest of a call that waits, is traced, or comes back to find signals.
    private long settle(Caller task, long result, long[] arguments) {
        for (var wait = task.waiting;
                wait != null && wait.armed && result == Task.BLOCKED;
                result = repeat(task, wait, arguments)) {
            switch (task.await(wait)) {
                case READY -> {}
                case TIMED_OUT -> wait.timedOut = true;
                case SIGNAL -> {
                    if (task.freezes()) return pause(task, wait);
                    int ended = interrupted(task, wait);
                    if (ended != Task.BLOCKED) return end(task, ended, arguments);
                }
            }
        }
        return end(task, result, arguments);
    }

    private long repeat(Caller task, Wait wait, long[] arguments) {
        wait.resumed = true;
        wait.armed = false;
        try {
            return again(task, arguments);
        } finally {
            task.leave();
        }
    }

    private long again(Caller task, long[] arguments) {
        try {
            return (long) enter(task).spread().invokeExact(task, arguments);
        } catch (Throwable failure) {
            return failed(task, failure, arguments);
        }
    }

    /// Runs handlers in the midst of a call, which may make calls themselves.
    ///
    /// @return what the call ends with, or that it goes on
    private int interrupted(Caller task, Wait wait) {
        int result = restartable ? Task.BLOCKED : ended(wait);
        task.waiting = null;
        var outcome = attend(task, wait.interruptible());
        task.waiting = wait;
        if (outcome == Caller.Outcome.NOTHING) return Task.BLOCKED;
        if (restartable && outcome == Caller.Outcome.RESTART) return Task.BLOCKED;
        return result != Task.BLOCKED ? result : ended(wait);
    }

    /// Ends a call that waits, so that the guest's frames can be taken down. What a signal would
    /// end with EINTR is made anew.
    private long pause(Caller task, Wait wait) {
        long remaining = wait.remaining();
        int ended = ended(wait);
        boolean repeats = ended == errors.of(Errno.EINTR);
        task.waiting = null;
        task.callEnded();
        task.unwind(repeats ? PausedCall.waiting(remaining) : PausedCall.ended(ended));
        return ended;
    }

    private int ended(Wait wait) {
        try {
            return wait.onInterrupt == null ? errors.of(Errno.EINTR) : wait.onInterrupt.getAsInt();
        } catch (ErrnoException e) {
            return errors.of(e.errno());
        }
    }

    private long end(Caller task, long result, long[] arguments) {
        task.waiting = null;
        task.callEnded();
        var tracer = task.tracer();
        if (tracer != null) tracer.finished(task, this, arguments, result);
        if ((task.attention() & ~Caller.TRACED) != 0) {
            attend(task, true);
            if (task.freezes()) task.unwind(PausedCall.ended(result));
        }
        return result;
    }

    /// Calls that handlers make are not the one they run in.
    private static Caller.Outcome attend(Caller task, boolean handlers) {
        var failure = task.failure;
        var outcome = task.attend(handlers);
        task.failure = failure;
        return outcome;
    }

    /// The handle guests call: without an array for what Linux has, else collecting one.
    private MethodHandle entry() {
        int count = type.parameters().size();
        boolean ints = type.resultJavaType() == int.class && GateTable.areInts(type.parameters());
        if (ints && count <= DIRECT) return CALLS[count].bindTo(this);
        boolean wide =
                type.resultJavaType() == int.class && type.parameters().equals(WIDE_PARAMETERS);
        return wide
                ? WIDE.bindTo(this)
                : Bits.collecting(COLLECT.bindTo(this), HostFunction.handleType(type));
    }

    @SuppressWarnings("UnusedMethod") // these all by name
    private long collect(Object context, long[] arguments) {
        return call((Caller) context, arguments);
    }

    @SuppressWarnings("UnusedMethod")
    private int callWide(Object context, int a, long b, int c) {
        var task = (Caller) context;
        int result;
        try {
            result = (int) enter(task).call.invokeExact(task, a, b, c);
        } catch (Throwable failure) {
            result = (int) failed(task, failure, a, b, c);
        }
        task.leave();
        return attended(task, result) ? result : (int) settle(task, result, new long[] {a, b, c});
    }

    @SuppressWarnings("UnusedMethod")
    private int call0(Object context) {
        var task = (Caller) context;
        int result;
        try {
            result = (int) enter(task).call.invokeExact(task);
        } catch (Throwable failure) {
            result = (int) failed(task, failure);
        }
        task.leave();
        return attended(task, result) ? result : (int) settle(task, result, new long[0]);
    }

    @SuppressWarnings("UnusedMethod")
    private int call1(Object context, int a) {
        var task = (Caller) context;
        int result;
        try {
            result = (int) enter(task).call.invokeExact(task, a);
        } catch (Throwable failure) {
            result = (int) failed(task, failure, a);
        }
        task.leave();
        return attended(task, result) ? result : (int) settle(task, result, new long[] {a});
    }

    @SuppressWarnings("UnusedMethod")
    private int call2(Object context, int a, int b) {
        var task = (Caller) context;
        int result;
        try {
            result = (int) enter(task).call.invokeExact(task, a, b);
        } catch (Throwable failure) {
            result = (int) failed(task, failure, a, b);
        }
        task.leave();
        return attended(task, result) ? result : (int) settle(task, result, new long[] {a, b});
    }

    @SuppressWarnings("UnusedMethod")
    private int call3(Object context, int a, int b, int c) {
        var task = (Caller) context;
        int result;
        try {
            result = (int) enter(task).call.invokeExact(task, a, b, c);
        } catch (Throwable failure) {
            result = (int) failed(task, failure, a, b, c);
        }
        task.leave();
        return attended(task, result) ? result : (int) settle(task, result, new long[] {a, b, c});
    }

    @SuppressWarnings("UnusedMethod")
    private int call4(Object context, int a, int b, int c, int d) {
        var task = (Caller) context;
        int result;
        try {
            result = (int) enter(task).call.invokeExact(task, a, b, c, d);
        } catch (Throwable failure) {
            result = (int) failed(task, failure, a, b, c, d);
        }
        task.leave();
        return attended(task, result)
                ? result
                : (int) settle(task, result, new long[] {a, b, c, d});
    }

    @SuppressWarnings("UnusedMethod")
    private int call5(Object context, int a, int b, int c, int d, int e) {
        var task = (Caller) context;
        int result;
        try {
            result = (int) enter(task).call.invokeExact(task, a, b, c, d, e);
        } catch (Throwable failure) {
            result = (int) failed(task, failure, a, b, c, d, e);
        }
        task.leave();
        return attended(task, result)
                ? result
                : (int) settle(task, result, new long[] {a, b, c, d, e});
    }

    @SuppressWarnings("UnusedMethod")
    private int call6(Object context, int a, int b, int c, int d, int e, int f) {
        var task = (Caller) context;
        int result;
        try {
            result = (int) enter(task).call.invokeExact(task, a, b, c, d, e, f);
        } catch (Throwable failure) {
            result = (int) failed(task, failure, a, b, c, d, e, f);
        }
        task.leave();
        return attended(task, result)
                ? result
                : (int) settle(task, result, new long[] {a, b, c, d, e, f});
    }

    @Override
    public String toString() {
        return module + "." + name;
    }
}
