package podium.kernel;

import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.Fuel;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap;
import podium.kernel.frozen.ProcessState;
import podium.kernel.gate.GateTable;
import podium.kernel.gate.Tracer;
import podium.pod.Limits;
import podium.pod.NetworkGrants;
import podium.pod.Pod;
import podium.pod.Pod.Usage;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.pod.PodSpec;
import podium.pod.PortalRule;
import podium.pod.ProcessSpec;
import podium.pod.Reactor;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.PodContext;
import podium.syscall.Sockets;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.Vfs;

/// An isolated machine. Thread-safe.
final class GuestPod implements PodContext {

    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int HOST_NAME_MAX = 64;

    /// Stack of a process's further threads.
    private static final long TASK_STACK = 64L << 20;

    /// How long closing waits for guests to end, in milliseconds.
    private static final long CLOSE_WAIT = 10_000;

    private final String name;
    private final Pod view = new PodView(this);
    private final PodSpec spec;
    private final Kernel kernel;
    private final Engine engine;
    private final Vfs vfs;
    private final MountNamespace namespace;
    private final FsContext files;
    private final Loader loader;
    private final @Nullable Fuel fuel;
    private final ProcessTable table = new ProcessTable();
    private final ThreadGroup threads;
    private final ScheduledThreadPoolExecutor timers;
    private final Map<Class<?>, Object> states = new HashMap<>();

    /// Guarded by itself; none is added once the pod is closed.
    private final Map<Credentials, FileSystem> views = new HashMap<>();

    private final AtomicLong endedCpuTime = new AtomicLong();
    private final LongAdder endedCalls = new LongAdder();
    private volatile String hostname;
    private volatile boolean closed;

    GuestPod(
            String name,
            PodSpec spec,
            Kernel kernel,
            Engine engine,
            Vfs vfs,
            MountNamespace namespace,
            Loader loader) {
        this.name = name;
        this.spec = spec;
        long units = spec.limits().fuel();
        fuel = units == Limits.NO_FUEL_LIMIT ? null : new Fuel(units);
        this.kernel = kernel;
        this.engine = engine;
        this.vfs = vfs;
        this.namespace = namespace;
        this.loader = loader;
        hostname = name;
        files = context();
        threads = new ThreadGroup("podium " + name);
        timers =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("podium-limits " + name).factory());
        timers.setRemoveOnCancelPolicy(true);
        timers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // once closed
        // No thread while no process has a limit.
        timers.setKeepAliveTime(10, TimeUnit.SECONDS);
        timers.allowCoreThreadTimeOut(true);
    }

    @Override
    public String name() {
        return name;
    }

    PodSpec spec() {
        return spec;
    }

    /// The pod as the host sees it.
    Pod view() {
        return view;
    }

    Engine engine() {
        return engine;
    }

    /// What its programs may execute; null for no limit.
    @Nullable Fuel fuel() {
        return fuel;
    }

    /// What makes sockets, or null.
    @Nullable Sockets sockets() {
        return kernel.sockets();
    }

    GateTable gates() {
        return kernel.gates();
    }

    Vfs vfs() {
        return vfs;
    }

    Loader loader() {
        return loader;
    }

    ProcessTable table() {
        return table;
    }

    ThreadGroup threads() {
        return threads;
    }

    /// For what is to happen to its processes later.
    ScheduledExecutorService timers() {
        return timers;
    }

    MountNamespace namespace() {
        return namespace;
    }

    /// The host stack for a task.
    long stackFor(GuestProcess process, GuestTask task) {
        long first = Math.max(spec.limits().stack(), engine.callStack());
        return task.tid() == process.pid() ? first : Math.min(first, TASK_STACK);
    }

    Reactor open(ProcessSpec wanted) throws PodException {
        var reactor = new GuestReactor();
        reactor.runs(start(wanted, _ -> GuestReactor.ENTRY, reactor));
        return reactor;
    }

    PodProcess start(ProcessSpec wanted) throws PodException {
        return start(wanted, Program::entry, (_, _) -> {});
    }

    PodProcess thaw(ProcessState frozen, ProcessSpec wanted) throws PodException {
        if (closed) throw new PodException("the pod " + name + " is closed");
        return Thawing.thaw(this, frozen, wanted);
    }

    /// @param entry the function a program begins with
    /// @param returned told when it returns
    PodProcess start(
            ProcessSpec wanted, Function<Program, String> entry, GuestTask.Returned returned)
            throws PodException {
        if (closed) throw new PodException("the pod " + name + " is closed");
        var what = wanted.arguments().getFirst();
        try (var fs = context()) {
            enterDirectory(fs, wanted.directory());
            var program = program(fs, wanted, entry);
            var process = make(fs, wanted, program);
            return launch(process, program, entry.apply(program), returned);
        } catch (ErrnoException e) {
            throw refusal(what, e.errno());
        } catch (ModuleException e) {
            throw new PodException("cannot execute " + e.getMessage(), 126, e);
        } catch (LinkException e) {
            throw new PodException("cannot execute " + Providers.explain(e, gates()), 126, e);
        } catch (OutOfMemoryException | Trap e) {
            throw new PodException(what + ": cannot execute: " + e.getMessage(), 126, e);
        }
    }

    private static void enterDirectory(FsContext fs, String directory) throws PodException {
        try {
            fs.setWorkingDirectory(fs.namespace().resolve(fs, null, directory, 0));
        } catch (ErrnoException e) {
            throw new PodException(directory + ": " + e.errno().text(), 1, e);
        }
    }

    private static PodException refusal(String what, Errno errno) {
        return switch (errno) {
            case ENOENT ->
                    new PodException(
                            what
                                    + (what.indexOf('/') < 0
                                            ? ": command not found"
                                            : ": No such file or directory"),
                            127,
                            null);
            case ENOEXEC ->
                    new PodException(
                            what + ": cannot execute: not a WebAssembly module", 126, null);
            case EAGAIN ->
                    new PodException(what + ": the pod's limit of processes is reached", 1, null);
            default -> new PodException(what + ": " + errno.text(), 126, null);
        };
    }

    /// What a Linux program expects of whoever starts it, it has; others have what they are given.
    private Program program(FsContext fs, ProcessSpec wanted, Function<Program, String> entry)
            throws ModuleException {
        var environment = environment(wanted, Map.of("PATH", PATH, "HOME", "/root"));
        var module = wanted.module();
        var program =
                module == null
                        ? find(fs, wanted, environment)
                        : loader.load(module, wanted.arguments(), environment);
        return program.takesBlock(entry.apply(program))
                ? program
                : program.withEnvironment(environment(wanted, Map.of()));
    }

    private List<String> environment(ProcessSpec wanted, Map<String, String> usual) {
        var all = new TreeMap<>(usual);
        all.putAll(spec.environment());
        all.putAll(wanted.environment());
        var list = new ArrayList<String>();
        all.forEach((key, value) -> list.add(key + "=" + value));
        return list;
    }

    private Program find(FsContext fs, ProcessSpec wanted, List<String> environment)
            throws ModuleException {
        var what = wanted.arguments().getFirst();
        if (what.indexOf('/') >= 0) return loader.load(fs, what, wanted.arguments(), environment);
        var failure = Errno.ENOENT;
        for (var folder : path(environment).split(":", -1))
            try {
                var path = folder.isEmpty() ? "./" + what : folder + "/" + what;
                return loader.load(fs, path, wanted.arguments(), environment);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) failure = e.errno();
            }
        throw failure.exception();
    }

    private static String path(List<String> environment) {
        for (var variable : environment)
            if (variable.startsWith("PATH=")) return variable.substring(5);
        return PATH;
    }

    private GuestProcess make(FsContext fs, ProcessSpec wanted, Program program) {
        var limits = spec.limits();
        int pid = table.allocate(limits.processes(), limits.threads());
        var descriptors = new DescriptorTable(limits.files());
        var standard = StandardFiles.of(wanted, new byte[0]);
        standard.addTo(descriptors);
        var tracer = wanted.strace() == null ? null : new Tracer(wanted.strace());
        return new GuestProcess(
                pid,
                this,
                descriptors,
                fs,
                program,
                tracer,
                standard.terminal(),
                wanted.directories());
    }

    private PodProcess launch(
            GuestProcess process, Program program, String export, GuestTask.Returned returned)
            throws LinkException {
        var task = new GuestTask(process.pid(), process, 0, process.tracer());
        task.onReturn(returned);
        boolean started = false;
        try {
            var entry = Execution.start(task, program, export);
            process.setProgram(entry.image());
            task.prepare(entry);
            run(process, task);
            started = true;
            return new ProcessView(process);
        } finally {
            if (!started) abandon(process);
        }
    }

    /// Starts a process that is made.
    ///
    /// @throws ErrnoException `EAGAIN`: it is not started, and its memory is gone
    void run(GuestProcess process, GuestTask task) {
        enter(process, task.image());
        Cloning.start(task, process);
    }

    /// A process that is made does not start.
    void abandon(GuestProcess process) {
        table.release(process.pid());
        table.forget(process);
        process.files().closeAll();
        process.fs().close();
    }

    /// A context in the pod's files, as its superuser, from `/`. To be closed.
    FsContext context() {
        return vfs.context(namespace, Credentials.ROOT);
    }

    private void enter(GuestProcess process, Image image) {
        try {
            table.add(process);
            process.begins();
        } catch (ErrnoException e) {
            image.release();
            throw e;
        }
    }

    void taskEnded(GuestTask task, long cpuTime) {
        endedCpuTime.addAndGet(cpuTime);
        endedCalls.add(calls(task));
        gates().exit(task);
        table.remove(task);
    }

    private static long calls(GuestTask task) {
        long calls = 0;
        for (long count : task.counts()) calls += count;
        return calls;
    }

    FsContext files() {
        return files;
    }

    /// The pod's files for the host, a view for each credentials.
    FileSystem fileSystem(Credentials who) {
        synchronized (views) {
            if (closed) throw new ClosedFileSystemException();
            var known = views.get(who);
            if (known != null && known.isOpen()) return known;
            var view = vfs.fileSystem(namespace, name, who);
            views.put(who, view);
            return view;
        }
    }

    private void closeViews() {
        synchronized (views) {
            for (var fileSystem : views.values())
                try {
                    fileSystem.close();
                } catch (IOException e) {
                    Failure.LOG.error("the files of the pod {} do not close", name, e);
                }
            views.clear();
        }
    }

    Usage usage() {
        int openFiles = 0;
        long memory = 0;
        var images = new java.util.HashSet<Image>();
        var processes = table.processes();
        for (var process : processes) {
            openFiles += process.files().open().length;
            var image = process.imageOrNull();
            if (image != null && images.add(image)) memory += image.memory().resident();
        }
        long cpuTime = endedCpuTime.get();
        long calls = endedCalls.sum();
        int tasks = 0;
        for (var task : table.tasks()) {
            cpuTime += Cpu.of(task.thread());
            calls += calls(task);
            tasks++;
        }
        return new Usage(processes.size(), tasks, openFiles, memory, cpuTime, calls);
    }

    void close() {
        closed = true;
        table.close();
        timers.shutdownNow();
        for (var process : table.processes()) process.terminate(Signals.SIGKILL);
        try {
            if (!table.awaitEmpty(CLOSE_WAIT))
                Failure.LOG.error(
                        "processes of the pod {} do not end: {}", name, table.processes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeStates();
        closeViews();
        files.close();
        namespace.close();
        kernel.closed(this);
    }

    private void closeStates() {
        List<Object> all;
        synchronized (states) {
            all = new ArrayList<>(states.values());
            states.clear();
        }
        for (var state : all)
            if (state instanceof AutoCloseable closeable)
                try {
                    closeable.close();
                } catch (Exception e) {
                    Failure.LOG.error("{} of the pod {} does not close", closeable, name, e);
                }
    }

    @Override
    public String hostname() {
        return hostname;
    }

    @Override
    public void setHostname(String hostname) {
        if (hostname.length() > HOST_NAME_MAX) throw Errno.EINVAL.exception();
        this.hostname = hostname;
    }

    @Override
    public @Nullable GuestProcess process(int pid) {
        return table.process(pid);
    }

    @Override
    public @Nullable GuestTask task(int tid) {
        return table.task(tid);
    }

    @Override
    public Collection<GuestProcess> processes() {
        return table.processes();
    }

    @Override
    public NetworkGrants network() {
        return spec.network();
    }

    @Override
    public List<PortalRule> portals() {
        return spec.portals();
    }

    @Override
    public <T> T state(Class<T> type, Supplier<T> maker) {
        synchronized (states) {
            var known = states.get(type);
            if (known == null) states.put(type, known = maker.get());
            return type.cast(known);
        }
    }
}
