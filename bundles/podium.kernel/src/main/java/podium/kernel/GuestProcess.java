package podium.kernel;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import podium.engine.Fuel;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.kernel.gate.SignalNames;
import podium.kernel.gate.Tracer;
import podium.kernel.gate.Unwind;
import podium.pod.Limits;
import podium.syscall.AddressSpace;
import podium.syscall.ChildEvents;
import podium.syscall.Clock;
import podium.syscall.Credentials;
import podium.syscall.Futexes;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Process;
import podium.syscall.ResourceLimit;
import podium.syscall.SignalAction;
import podium.syscall.SignalInfo;
import podium.syscall.Task;
import podium.syscall.WaitQueue;
import podium.vfs.FsContext;

/// A guest process. How it starts further tasks and children is [Cloning]'s affair, how it changes
/// programs [Execution]'s.
///
/// Thread-safe. Its tasks and its end are a [TaskGroup]'s.
final class GuestProcess implements Process {

    private final int pid;
    private final GuestPod pod;
    private final ProcessSignals signals = new ProcessSignals(this);
    private final DescriptorTable files;
    private final FsContext fs;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final TaskGroup tasks = new TaskGroup(this);
    private final ResourceLimits resourceLimits;
    private final CpuLimit cpuLimit;
    private final Children children = new Children(this);
    private final WaitQueue parentWatchers = new WaitQueue();
    private final long started = System.nanoTime();

    /// What its monotonic clock is ahead of the kernel's; set before it runs.
    private long clockShift;

    private final @Nullable Tracer tracer;
    private final @Nullable Terminal terminal;
    private final @Nullable Map<String, String> directories;
    private volatile int parent;
    private volatile int group;
    private volatile int session;
    private volatile Credentials credentials;
    private final AtomicReference<@Nullable Checkpoint> checkpoint = new AtomicReference<>();
    private final WaitQueue checkpointWatchers = new WaitQueue();
    private volatile @Nullable Image image;
    private volatile String name;
    private volatile List<String> arguments;
    private volatile List<String> environment;
    private volatile String executable;

    /// Whether it no longer uses the memory of its parent.
    private volatile boolean released;

    /// Makes a pod's first process, or one started from outside.
    ///
    /// @param fs what its own place in the file systems is copied from
    GuestProcess(
            int pid,
            GuestPod pod,
            DescriptorTable files,
            FsContext fs,
            Program program,
            @Nullable Tracer tracer,
            @Nullable Terminal terminal,
            @Nullable Map<String, String> directories) {
        this.pid = pid;
        this.pod = pod;
        this.files = files;
        this.fs = pod.vfs().copy(fs, () -> credentials());
        this.tracer = tracer;
        this.terminal = terminal;
        this.directories = directories;
        resourceLimits = new ResourceLimits(pod.spec().limits());
        cpuLimit = new CpuLimit(this, pod.timers());
        group = pid;
        session = pid;
        credentials = Credentials.ROOT;
        name = program.name();
        arguments = program.arguments();
        environment = program.environment();
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
        directories = parent.directories;
        resourceLimits = new ResourceLimits(parent.resourceLimits);
        cpuLimit = new CpuLimit(this, pod.timers());
        this.parent = parent.pid;
        group = parent.group;
        session = parent.session;
        credentials = parent.credentials;
        image = parent.image;
        name = parent.name;
        arguments = parent.arguments;
        environment = parent.environment;
        executable = parent.executable;
        clockShift = parent.clockShift;
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
    public Module load(String name, byte[] content) throws ModuleException {
        return pod.loader().module(name, content);
    }

    @Override
    public @Nullable Fuel fuel() {
        return pod.fuel();
    }

    @Override
    public HandleTable handles() {
        return image().handles();
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
        environment = program.environment();
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
    public int startTask(Task caller, String export, int argument) {
        return Cloning.startTask((GuestTask) caller, export, argument);
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
        if (task.actsAsChild())
            return task.actAsParent(child -> child.tasks.terminate(status & 0xff, 0));
        tasks.terminate(status & 0xff, 0);
        throw Unwind.EXIT;
    }

    /// The wish to freeze it, or null.
    @Nullable Checkpoint checkpoint() {
        return checkpoint.get();
    }

    /// @return whether there was no such wish yet
    boolean wish(Checkpoint wish) {
        return checkpoint.compareAndSet(null, wish);
    }

    @Override
    public Pollable freezing() {
        return checkpointWatchers.pollable(
                () -> {
                    var wish = checkpoint.get();
                    return wish != null && wish.open() ? Pollable.IN : 0;
                });
    }

    /// Tells the program that there is a wish.
    void tellFreezing() {
        checkpointWatchers.wake(Pollable.IN);
    }

    @Override
    public int rest(Task caller) {
        return Rest.rest((GuestTask) caller);
    }

    void endWish(Checkpoint wish) {
        checkpoint.compareAndSet(wish, null);
    }

    TaskGroup tasks() {
        return tasks;
    }

    /// A signal ends it.
    void terminate(int signal) {
        tasks.terminate(0, signal);
    }

    /// Its last task has left. Called once.
    ///
    /// @param signal that ended it, 0 for none
    void ended(int status, int signal) {
        files.closeAll();
        fs.close();
        releaseParent();
        if (tracer != null)
            tracer.ended(
                    pid,
                    signal != 0
                            ? "killed by " + SignalNames.name(signal)
                            : "exited with " + status);
        tellParent(status, signal);
        exit.complete(signal != 0 ? 128 + signal : status);
        var wish = checkpoint.get();
        if (wish != null) wish.refuse("it has ended");
    }

    private void tellParent(int status, int signal) {
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
        above.children.changed();
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

    @Override
    public ChildEvents children() {
        return children.look();
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
    public List<String> environment() {
        return environment;
    }

    @Override
    public @Nullable Map<String, String> directories() {
        return directories;
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
    public ResourceLimit limit(int resource) {
        return resourceLimits.get(resource);
    }

    @Override
    public void setLimit(int resource, ResourceLimit limit, boolean privileged) {
        resourceLimits.set(resource, limit, privileged);
        if (resource == ResourceLimit.NOFILE) files.setLimit((int) limit.soft());
        if (resource == ResourceLimit.CPU) cpuLimit.review();
    }

    ResourceLimits resourceLimits() {
        return resourceLimits;
    }

    /// It is in the pod's table: from now on it is held to its limit of CPU time.
    void begins() {
        cpuLimit.review();
    }

    @Override
    public long monotonic() {
        return Clock.monotonic() + clockShift;
    }

    /// Sets what its monotonic clock says now.
    void setMonotonic(long now) {
        clockShift = now - Clock.monotonic();
    }

    @Override
    public long cpuTime() {
        return tasks.cpuTime();
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
