package podium.kernel;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import podium.kernel.gate.SignalNames;
import podium.kernel.gate.Tracer;
import podium.kernel.gate.Unwind;
import podium.pod.Limits;
import podium.syscall.AddressSpace;
import podium.syscall.ChildEvents;
import podium.syscall.Credentials;
import podium.syscall.Futexes;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Process;
import podium.syscall.SignalAction;
import podium.syscall.SignalInfo;
import podium.syscall.Task;
import podium.syscall.WaitQueue;
import podium.vfs.FsContext;

/// A guest process. How it starts further tasks and children is [Cloning]'s affair, how it changes
/// programs [Execution]'s.
///
/// Thread-safe; the lock guards its tasks and how it ends.
final class GuestProcess implements Process {

    private final int pid;
    private final GuestPod pod;
    private final ProcessSignals signals = new ProcessSignals(this);
    private final DescriptorTable files;
    private final FsContext fs;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final CopyOnWriteArrayList<GuestTask> tasks = new CopyOnWriteArrayList<>();
    private final WaitQueue childWatchers = new WaitQueue();
    private final AtomicLong childEvents = new AtomicLong();
    private final WaitQueue parentWatchers = new WaitQueue();
    private final long started = System.nanoTime();
    private final @Nullable Tracer tracer;
    private final @Nullable Terminal terminal;
    private volatile int parent;
    private volatile int group;
    private volatile int session;
    private volatile Credentials credentials;
    private volatile @Nullable Image image;
    private volatile String name;
    private volatile List<String> arguments;
    private volatile String executable;
    private volatile @Nullable String failure;

    /// Whether it no longer uses the memory of its parent.
    private volatile boolean released;

    private boolean ending;
    private boolean finished;

    /// A task of the parent's acts for it; it has none of its own.
    private boolean borrowed;

    private int status;
    private int signal;
    private long endedCpuTime;

    /// Makes a pod's first process, or one started from outside.
    GuestProcess(
            int pid,
            GuestPod pod,
            DescriptorTable files,
            FsContext fs,
            Program program,
            @Nullable Tracer tracer,
            @Nullable Terminal terminal) {
        this.pid = pid;
        this.pod = pod;
        this.files = files;
        this.fs = fs;
        this.tracer = tracer;
        this.terminal = terminal;
        group = pid;
        session = pid;
        credentials = Credentials.ROOT;
        name = program.name();
        arguments = program.arguments();
        executable = program.path();
    }

    /// Makes a child, with copies of what a child gets copies of.
    GuestProcess(int pid, GuestProcess parent) {
        this.pid = pid;
        pod = parent.pod;
        files = parent.files.copy();
        fs = pod.vfs().copy(parent.fs, () -> credentials());
        tracer = parent.tracer;
        terminal = parent.terminal;
        this.parent = parent.pid;
        group = parent.group;
        session = parent.session;
        credentials = parent.credentials;
        image = parent.image;
        name = parent.name;
        arguments = parent.arguments;
        executable = parent.executable;
        signals.inherit(parent.signals);
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public int parent() {
        return parent;
    }

    void orphan() {
        parent = ProcessTable.INIT;
    }

    @Override
    public int group() {
        return group;
    }

    @Override
    public void setGroup(int group) {
        pod.table().setGroup(this, group);
    }

    @Override
    public int session() {
        return session;
    }

    @Override
    public int newSession() {
        return pod.table().newSession(this);
    }

    /// Called by the process table.
    void moveTo(int group, int session) {
        this.group = group;
        this.session = session;
    }

    @Override
    public DescriptorTable files() {
        return files;
    }

    @Override
    public FsContext fs() {
        return fs;
    }

    @Override
    public Credentials credentials() {
        return credentials;
    }

    @Override
    public void setCredentials(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public AddressSpace addressSpace() {
        return image().addressSpace();
    }

    @Override
    public Futexes futexes() {
        return image().futexes();
    }

    Image image() {
        return Objects.requireNonNull(image);
    }

    @Nullable Image imageOrNull() {
        return image;
    }

    /// Runs another program now.
    void setProgram(Image image) {
        this.image = image;
        var program = image.program();
        name = program.name();
        arguments = program.arguments();
        executable = program.path();
    }

    ProcessSignals signals() {
        return signals;
    }

    @Override
    public SignalAction action(int signal) {
        return signals.action(signal);
    }

    @Override
    public void setAction(int signal, SignalAction action) {
        signals.setAction(signal, action);
    }

    @Override
    public void send(SignalInfo signal) {
        signals.send(signal, null);
    }

    @Override
    public int startTask(Task caller, int stack, int parentTid, int clearTid) {
        return Cloning.startTask((GuestTask) caller, stack, parentTid, clearTid);
    }

    @Override
    public int vfork(Task caller, int stack) {
        return Cloning.vfork((GuestTask) caller, stack);
    }

    @Override
    public int execute(Task caller, String path, List<String> arguments, List<String> environment) {
        return Execution.execute((GuestTask) caller, path, arguments, environment);
    }

    @Override
    public int exit(Task caller, int status) {
        var task = (GuestTask) caller;
        if (task.actsAsChild()) {
            var child = task.actAsParent();
            child.terminate(status & 0xff, 0);
            child.borrowerLeft(task);
            return child.pid;
        }
        terminate(status & 0xff, 0);
        throw Unwind.EXIT;
    }

    // Tasks and the end.

    List<GuestTask> tasks() {
        return tasks;
    }

    /// @return false when the process is ending
    boolean add(GuestTask task) {
        synchronized (this) {
            if (ending) return false;
            tasks.add(task);
        }
        pod.table().add(task);
        pod.gates().enter(task);
        return true;
    }

    /// A task that was added could not start.
    void remove(GuestTask task) {
        tasks.remove(task);
        pod.gates().exit(task);
        pod.table().remove(task);
    }

    /// A task of its parent's acts for it.
    synchronized void lend() {
        borrowed = true;
    }

    /// That task acts for it no more: either it has a task of its own now, or it ends.
    void borrowerLeft(GuestTask task) {
        boolean over;
        synchronized (this) {
            borrowed = false;
            over = ending && tasks.isEmpty();
        }
        if (over) finish();
    }

    /// One task ends by exit(2). The last one's status is the process's.
    synchronized void taskExits(int status) {
        if (!ending) this.status = status & 0xff;
    }

    void taskEnded(GuestTask task) {
        long cpu = Cpu.ofCurrentThread();
        pod.taskEnded(task, cpu);
        boolean last;
        synchronized (this) {
            endedCpuTime += cpu;
            tasks.remove(task);
            last = tasks.isEmpty();
            if (last) ending = true;
            notifyAll();
        }
        if (last) finish();
    }

    /// Waits until a task is the only one left, or is to end itself.
    void awaitOthers(GuestTask task) {
        synchronized (this) {
            while (tasks.size() > 1 && !task.attention(GuestTask.KILLED))
                try {
                    wait(10);
                } catch (InterruptedException e) {
                    // Nobody interrupts guest threads on purpose; the kill below is what counts.
                    Failure.LOG.debug("interrupted", e);
                }
        }
    }

    /// Makes the other tasks end, execve(2).
    void killOthers(GuestTask task) {
        for (var other : tasks) if (other != task) other.kill();
    }

    /// A signal ends it.
    void terminate(int signal) {
        terminate(0, signal);
    }

    /// Ends it; the first reason counts. Its tasks notice by themselves.
    void terminate(int status, int signal) {
        boolean alone;
        synchronized (this) {
            if (ending) return;
            ending = true;
            this.status = status;
            this.signal = signal;
            alone = tasks.isEmpty() && !borrowed;
        }
        for (var task : tasks) task.kill();
        if (alone) finish();
    }

    /// The kernel ends it, for a reason people want to know.
    void fail(int signal, String line) {
        synchronized (this) {
            if (ending) return;
            failure = line;
        }
        Failure.LOG.info("{}", line);
        terminate(0, signal);
    }

    synchronized boolean ending() {
        return ending;
    }

    private void finish() {
        synchronized (this) {
            if (finished) return;
            finished = true;
        }
        files.closeAll();
        fs.close();
        releaseParent();
        if (tracer != null)
            tracer.ended(
                    pid,
                    signal != 0
                            ? "killed by " + SignalNames.name(signal)
                            : "exited with " + status);
        tellParent();
        exit.complete(signal != 0 ? 128 + signal : status);
    }

    private void tellParent() {
        var ended =
                new ChildEvents.Ended(
                        pid,
                        credentials.uid(),
                        signal != 0 ? signal : status,
                        signal != 0,
                        cpuTime());
        var above = pod.table().process(parent);
        boolean keep = above != null && above.keepsZombies();
        pod.table().ended(this, ended, keep);
        if (above == null) return;
        above.childEvents.incrementAndGet();
        above.childWatchers.wake(Pollable.IN);
        int code = signal != 0 ? Signals.CLD_KILLED : Signals.CLD_EXITED;
        above.send(new SignalInfo(Signals.SIGCHLD, code, pid, credentials.uid(), ended.status()));
    }

    private boolean keepsZombies() {
        var action = signals.action(Signals.SIGCHLD);
        return action.handler() != SignalAction.IGNORE
                && (action.flags() & SignalAction.SA_NOCLDWAIT) == 0;
    }

    /// It no longer uses the memory of its parent, which may go on.
    void releaseParent() {
        released = true;
        parentWatchers.wake(Pollable.IN);
    }

    /// Becomes `IN`-ready then.
    Pollable released() {
        return parentWatchers.pollable(() -> released ? Pollable.IN : 0);
    }

    CompletableFuture<Integer> exit() {
        return exit;
    }

    @Nullable String failure() {
        return failure;
    }

    @Override
    public ChildEvents children() {
        return new Children();
    }

    /// Knows what had happened when it was asked for, which is before anything is reaped: an event
    /// in between makes it ready, one before does not.
    private final class Children implements ChildEvents {

        private final long seen = childEvents.get();

        @Override
        public @Nullable Ended reap(int which, boolean keep) {
            return pod.table().reap(pid, group, which, keep);
        }

        @Override
        public Pollable arrival() {
            return childWatchers.pollable(() -> childEvents.get() != seen ? Pollable.IN : 0);
        }
    }

    @Nullable Tracer tracer() {
        return tracer;
    }

    /// Its terminal, opened anew, or null.
    @Nullable OpenFile openTerminal() {
        return terminal == null ? null : terminal.open();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void setName(String name) {
        this.name = name;
    }

    @Override
    public List<String> arguments() {
        return arguments;
    }

    @Override
    public String executable() {
        return executable;
    }

    @Override
    public Limits limits() {
        return pod.spec().limits();
    }

    @Override
    public long cpuTime() {
        long time;
        synchronized (this) {
            time = endedCpuTime;
        }
        for (var task : tasks) time += Cpu.of(task.thread());
        return time;
    }

    @Override
    public long elapsed() {
        return System.nanoTime() - started;
    }

    @Override
    public GuestPod pod() {
        return pod;
    }

    @Override
    public String toString() {
        return name + " (" + pid + ")";
    }
}
