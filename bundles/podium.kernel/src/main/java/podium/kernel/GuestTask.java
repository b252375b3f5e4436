package podium.kernel;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.engine.Instance;
import podium.engine.Trap;
import podium.kernel.gate.Caller;
import podium.kernel.gate.PausedCall;
import podium.kernel.gate.SignalNames;
import podium.kernel.gate.Tracer;
import podium.kernel.gate.Unwind;
import podium.kernel.gate.Wait;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Futexes;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.SignalAction;

/// A guest thread. Its own thread runs it, waits for it, and runs its signal handlers; others only
/// alert it.
final class GuestTask extends Caller {

    private volatile int tid;
    private final GuestTaskSignals signals;
    private final Frames frames = new Frames(this);
    private final Pollable.Watcher watcher = _ -> wake();
    private final ArrayDeque<Runnable> endings = new ArrayDeque<>();
    private volatile GuestProcess process;
    private volatile @Nullable GuestThread thread;
    private volatile @Nullable Instance instance;

    /// Its own, if it has one.
    private volatile @Nullable String name;

    /// Whether it has ended, as far as the guest can see.
    private volatile boolean leaving;

    /// Whether guest code runs within a system call.
    private volatile boolean entered;

    private @Nullable GuestMemory memory;
    private @Nullable Image image;
    private @Nullable Entry entry;

    /// Where the program it runs began.
    private @Nullable Entry running;

    private final @Nullable Tracer tracer;
    private @Nullable Returned returned;
    private int clearTid;

    /// The processes it left to act as a child of theirs.
    private final ArrayDeque<Lent> lent = new ArrayDeque<>();

    /// The child it waits for, by vfork with a stack.
    private @Nullable VforkChild vforkChild;

    /// @param instance of the parent's, if the child has one of its own
    private record Lent(GuestProcess parent, long mask, @Nullable Instance instance) {}

    /// A vfork child in progress.
    ///
    /// @param done `IN`-ready when it executed a program or ended
    record VforkChild(int pid, Pollable done) {}

    /// Where the thread goes when it starts or changes programs.
    ///
    /// @param export the function to call
    /// @param arguments its own
    /// @param begins whether a program begins there, not a further task of one
    record Entry(
            Image image,
            Instance instance,
            String export,
            List<Integer> arguments,
            boolean begins) {}

    /// Told when a program's function returns, on the task's thread, before the process ends.
    interface Returned {

        void with(GuestTask task, @Nullable Object result);
    }

    GuestTask(int tid, GuestProcess process, long mask, @Nullable Tracer tracer) {
        this.tid = tid;
        this.process = process;
        this.tracer = tracer;
        signals = new GuestTaskSignals(this, mask);
        if (tracer != null) alert(TRACED);
    }

    @Override
    public int tid() {
        return tid;
    }

    @Override
    public GuestProcess process() {
        return process;
    }

    @Override
    public String name() {
        var name = this.name;
        return name != null ? name : process.name();
    }

    @Override
    public void setName(String name) {
        if (tid == process.pid()) process.setName(name);
        else this.name = name;
    }

    @Override
    public DescriptorTable files() {
        return process.files();
    }

    @Override
    public GuestMemory memory() {
        var memory = this.memory;
        if (memory == null) throw new IllegalStateException("task " + tid + " has no program");
        return memory;
    }

    @Override
    public Instance instance() {
        return Objects.requireNonNull(instance);
    }

    @Override
    public GuestTaskSignals signals() {
        return signals;
    }

    @Override
    protected @Nullable Tracer tracer() {
        return tracer;
    }

    /// It is the only one left, and executes a program: its process's first task from now on.
    void becomeFirst() {
        tid = process.pid();
        name = null;
    }

    Image image() {
        return Objects.requireNonNull(image);
    }

    /// Where the program it runs began.
    Entry running() {
        return Objects.requireNonNull(running);
    }

    Frames frames() {
        return frames;
    }

    @Override
    public void setClearTid(int address) {
        clearTid = address;
    }

    int clearTid() {
        return clearTid;
    }

    /// Whether there is something to do when it ends.
    boolean hasEndings() {
        return !endings.isEmpty();
    }

    @Override
    public void onEnd(Runnable action) {
        endings.push(action);
    }

    @Override
    public RuntimeException exit(int status) {
        if (unwindsToParent()) process.exit(this, status); // the child had no other task
        process.tasks().exits(status);
        return Unwind.EXIT;
    }

    /// Makes it ready to run. A use of the image goes over to it.
    void prepare(Entry entry) {
        this.entry = entry;
        image = entry.image;
        instance = entry.instance;
        memory = new GuestMemory(entry.image.memory());
    }

    void onReturn(Returned returned) {
        this.returned = returned;
    }

    /// Starts its thread.
    ///
    /// @throws OutOfMemoryError the host gives no thread
    void start(ThreadGroup group, long stack) {
        var name = process.pod().name() + "/" + process.name() + " " + tid;
        var thread = new GuestThread(group, this, name, stack);
        this.thread = thread;
        thread.start();
    }

    @Nullable Thread thread() {
        return thread;
    }

    /// Makes it look around, if it waits.
    void wake() {
        var thread = this.thread;
        if (thread != null) LockSupport.unpark(thread);
    }

    /// Makes it end, from any thread.
    void kill() {
        alert(KILLED);
        var instance = this.instance;
        if (instance != null) instance.interrupt();
        if (entered) process.handles().interrupt();
        wake();
    }

    @Override
    protected @Nullable Object inGuest(Supplier<@Nullable Object> call) {
        boolean outer = entered;
        entered = true;
        frames.enter();
        try {
            if (attention(KILLED)) attend(false);
            return call.get();
        } catch (Trap trap) {
            // An interrupt counts once, and there may be frames of the guest's left to unwind.
            if (attention(KILLED)) attend(false);
            throw trap;
        } finally {
            frames.leave();
            entered = outer;
        }
    }

    /// The thread's body: one program after the other, until the task ends.
    void run() {
        try {
            for (Entry next; (next = entry) != null; ) {
                entry = null;
                runProgram(next);
            }
        } finally {
            end();
        }
    }

    private void runProgram(Entry next) {
        try {
            if (attention(KILLED)) return;
            var function = next.instance.function(next.export);
            if (function == null && !next.export.equals(GuestReactor.ENTRY)) {
                process.tasks()
                        .fail(Signals.SIGABRT, process.name() + ": no export " + next.export);
                return;
            }
            running = next;
            if (next.begins && !frames.thawed())
                process.pod().gates().begin(next.image.program().modules(), this);
            next.instance.start();
            var result = function == null ? null : frames.call(function, next.arguments.toArray());
            if (returned != null) returned.with(this, result);
            // A program that returns, instead of saying so, has succeeded.
            if (next.begins) process.tasks().terminate(0, 0);
            else process.tasks().exits(0);
        } catch (ErrnoException e) {
            process.tasks().fail(Signals.SIGABRT, process.name() + ": " + e.errno().text());
        } catch (Unwind unwind) {
            if (unwind == Unwind.EXECUTE) changeProgram(next);
        } catch (Trap trap) {
            if (!attention(KILLED)) Failure.trapped(process, trap);
        } catch (Throwable defect) {
            if (!attention(KILLED)) Failure.broken(process, defect);
        }
    }

    /// execve(2), after the old program's frames are gone.
    private void changeProgram(Entry old) {
        process.tasks().awaitOthers(this);
        leaveImage(old.image, old.instance);
        if (attention(KILLED)) {
            var next = entry;
            entry = null;
            if (next != null) next.image.release();
            image = null;
        } else {
            var next = Objects.requireNonNull(entry);
            prepare(next);
            Thread.currentThread().setName(process.pod().name() + "/" + process.name() + " " + tid);
        }
    }

    /// Makes another program run after the current one is unwound.
    ///
    /// @return what does that
    RuntimeException change(Entry next) {
        entry = next;
        return Unwind.EXECUTE;
    }

    private void leaveImage(Image image, Instance instance) {
        endTogether();
        if (instance != image.first()) instance.close();
        image.release();
        signals.setAlternativeStack(null);
    }

    /// What others are owed when this task's use of its memory ends.
    private void endTogether() {
        while (!endings.isEmpty()) {
            var action = endings.pop();
            try {
                action.run();
            } catch (ErrnoException e) {
                // What the guest asked for lies in memory it has spoiled; there is nobody to tell.
                Failure.LOG.debug("task {} ends uncleanly: {}", tid, e.getMessage());
            }
        }
        int address = clearTid;
        clearTid = 0;
        if (address == 0 || image == null) return;
        try {
            memory().putInt(address, 0);
            image.futexes().wake(address, 1, Futexes.ANY);
        } catch (ErrnoException e) {
            Failure.LOG.debug("task {} has no tid to clear: {}", tid, e.getMessage());
        }
    }

    boolean leaving() {
        return leaving;
    }

    private void end() {
        leaving = true;
        while (!lent.isEmpty()) giveUpChild();
        var image = this.image;
        var instance = this.instance;
        if (image != null && instance != null) leaveImage(image, instance);
        this.instance = null;
        this.image = null;
        memory = null;
        process.tasks().ended(this);
    }

    /// The whole task ends while it acts as a child: so does the child.
    private void giveUpChild() {
        var child = process;
        var before = lent.pop();
        process = before.parent;
        if (before.instance != null) instance = before.instance;
        child.terminate(Signals.SIGKILL);
        child.tasks().borrowerLeft();
    }

    // Acting as a vfork child with the parent's task.

    /// Acts for a child process from now on.
    ///
    /// @param its the instance the child runs in, or null for the parent's
    void actAs(GuestProcess child, @Nullable Instance its) {
        lent.push(new Lent(process, signals.mask(), its == null ? null : instance));
        process = child;
        if (its == null) return;
        instance = its;
        if (attention(KILLED)) its.interrupt(); // it may have been missed
    }

    boolean actsAsChild() {
        return !lent.isEmpty();
    }

    /// Whether the child it acts as runs in an instance of its own, above the parent's frames.
    boolean unwindsToParent() {
        return actsAsChild() && lent.element().instance != null;
    }

    /// Is its own process's again.
    ///
    /// @param settle what becomes of the child
    /// @return what the child's system call answers, for the C library to go on as the parent
    /// @throws Unwind if the child's frames have to go
    int actAsParent(Consumer<GuestProcess> settle) {
        var child = process;
        var before = lent.pop();
        process = before.parent;
        signals.setMask(before.mask);
        if (before.instance != null) instance = before.instance;
        settle.accept(child);
        child.tasks().borrowerLeft();
        if (before.instance != null) throw Unwind.CHILD;
        return child.pid();
    }

    @Nullable VforkChild vforkChild() {
        return vforkChild;
    }

    void setVforkChild(@Nullable VforkChild child) {
        vforkChild = child;
    }

    // Waiting and signals.

    @Override
    protected Wakeup await(Wait wait) {
        var pollable = wait.pollable();
        if (pollable != null) pollable.watch(watcher);
        try {
            for (; ; ) {
                if (pollable != null && (pollable.readiness() & wait.events()) != 0)
                    return Wakeup.READY;
                if (attention(KILLED | STOPPED) || (attention(SIGNALLED) && wait.interruptible()))
                    return Wakeup.SIGNAL;
                if (attention(FREEZING) && frames.plain()) return Wakeup.SIGNAL;
                long left = wait.remaining();
                if (left == 0) return Wakeup.TIMED_OUT;
                if (left == FOREVER) LockSupport.park(this);
                else LockSupport.parkNanos(this, left);
            }
        } finally {
            if (pollable != null) pollable.unwatch(watcher);
        }
    }

    @Override
    protected Outcome attend(boolean handlers) {
        var outcome = Outcome.NOTHING;
        for (; ; ) {
            if (attention(KILLED)) throw Unwind.EXIT;
            if (attention(STOPPED)) {
                waitWhileStopped();
                continue;
            }
            if (!handlers || !attention(SIGNALLED)) return outcome;
            var info = process.signals().next(this);
            if (info == null) return outcome;
            var action = process.signals().actionFor(info.signal());
            if (action.handler() == SignalAction.IGNORE) continue;
            if (action.handler() == SignalAction.DEFAULT) {
                defaultAction(info.signal());
                continue;
            }
            if (tracer != null) tracer.signal(this, SignalNames.name(info.signal()), true);
            frames.enter();
            try {
                SignalFrame.run(this, info, action);
            } finally {
                frames.leave();
            }
            if (outcome == Outcome.NOTHING)
                outcome =
                        (action.flags() & SignalAction.SA_RESTART) != 0
                                ? Outcome.RESTART
                                : Outcome.INTERRUPTED;
        }
    }

    @Override
    protected boolean freezes() {
        return (attention() & ~TRACED) == FREEZING && frames.freezes();
    }

    @Override
    protected void unwind(PausedCall call) {
        frames.unwind(call);
    }

    @Override
    protected PausedCall rewound() {
        return frames.rewound();
    }

    /// What wants its attention while no guest code runs.
    ///
    /// @throws Unwind it is made to end
    void attendIdle() {
        if ((attention() & ~TRACED) != 0) attend(true);
    }

    private void defaultAction(int signal) {
        if (tracer != null) tracer.signal(this, SignalNames.name(signal), false);
        if (Signals.isStop(signal)) process.signals().stop();
        else if (Signals.isFatalByDefault(signal)) process.terminate(signal);
    }

    private void waitWhileStopped() {
        while (process.signals().stopped() && !attention(KILLED)) LockSupport.park(this);
        calm(STOPPED);
    }

    @Override
    protected void callEnded() {
        signals.restoreMask();
    }

    @Override
    protected void straggling(String target) {
        Failure.LOG.warn(
                "task {} of {} did not leave {}; its process is killed",
                tid,
                process.name(),
                target);
        process.terminate(Signals.SIGKILL);
    }

    /// What a system call answers when the host gives no more threads.
    static ErrnoException noThread() {
        return Errno.EAGAIN.exception();
    }

    @Override
    public String toString() {
        return "task " + tid;
    }
}
