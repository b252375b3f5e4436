package podium.syscall;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.Fuel;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.pod.Limits;
import podium.vfs.FsContext;

/// A guest process: memory, descriptors, working directory, signal dispositions, and one or more
/// [Task]s.
///
/// Thread-safe.
public interface Process {

    /// Unique within the pod, positive.
    int pid();

    /// The parent's pid; 1 once the parent is gone, 0 for the pod's first processes.
    int parent();

    /// Process group and session.
    int group();

    /// @throws ErrnoException as setpgid(2)
    void setGroup(int group);

    int session();

    /// setsid(2).
    ///
    /// @throws ErrnoException `EPERM` when it leads a group
    int newSession();

    FdTable files();

    /// Root, working directory and umask.
    FsContext fs();

    Credentials credentials();

    void setCredentials(Credentials credentials);

    AddressSpace addressSpace();

    /// Makes a module that the program brings along runnable, by the engine that runs the program
    /// and within what its pod may use.
    ///
    /// @param name for messages
    /// @throws ModuleException it is not valid, or more than the engine can do
    Module load(String name, byte[] content) throws ModuleException;

    /// What instances of the program's take their fuel from, or null.
    @Nullable Fuel fuel();

    /// What families keep for the running program, by number.
    Handles handles();

    /// The places in its memory that tasks wait at, futex(2). Processes of one memory share them.
    Futexes futexes();

    /// A signal's disposition.
    ///
    /// @throws ErrnoException `EINVAL` when there is no such signal
    SignalAction action(int signal);

    /// @throws ErrnoException `EINVAL` when there is no such signal, or its disposition cannot
    ///     change
    void setAction(int signal, SignalAction action);

    /// Queues a signal for the process, kill(2): some task that does not block it takes it.
    void send(SignalInfo signal);

    /// Makes a further task on a new instance over the same memory, clone(2) with CLONE_VM and
    /// CLONE_THREAD. It starts in the export `__linux_thread_start` with the given stack.
    ///
    /// @param parentTid address that receives the new tid, or 0
    /// @param clearTid see [Task#setClearTid(int)]
    /// @return the new tid
    /// @throws ErrnoException `EAGAIN` at the pod's limit or when the host gives no thread,
    ///     `ENOSYS` when the engine has no threads
    int startTask(Task caller, int stack, int parentTid, int clearTid);

    /// Makes a further task on a new instance over the same memory, which starts in an export that
    /// takes its tid and an argument. When that returns, the task ends.
    ///
    /// @return the new tid
    /// @throws ErrnoException `EAGAIN` as above; `ENOSYS` when the engine has no threads, or the
    ///     program no such export or a memory of its own
    int startTask(Task caller, String export, int argument);

    /// clone(2) with CLONE_VM and CLONE_VFORK: a child on the caller's memory, while the caller
    /// waits until it calls [#execute] or exits.
    ///
    /// @param stack given to `__linux_thread_start` in a new instance; 0 makes the caller itself
    ///     act as the child, until then
    /// @return the child's pid; 0 when the caller is the child now
    int vfork(Task caller, int stack);

    /// execve(2). On success the caller's program is gone: it throws what unwinds the guest's
    /// frames (or, for a child of [#vfork] with stack 0, returns the child's pid and the caller is
    /// the parent again).
    ///
    /// @throws ErrnoException as execve(2)
    int execute(Task caller, String path, List<String> arguments, List<String> environment);

    /// exit_group(2): ends all tasks. Throws what unwinds the caller's guest frames (or, for a
    /// child of [#vfork] with stack 0, returns the child's pid).
    int exit(Task caller, int status);

    /// Children that ended and wait to be reaped, waitid(2).
    ChildEvents children();

    /// Name for people: the last part of argv[0] (PR_SET_NAME of its first task
    /// changes it).
    String name();

    void setName(String name);

    List<String> arguments();

    /// `NAME=value` each, as its program was given them.
    List<String> environment();

    /// The directories that programs find open, where their ABI has that: names, and absolute
    /// paths.
    /// Null for all there are. A child has its parent's.
    @Nullable Map<String, String> directories();

    /// Path of the running program.
    String executable();

    Limits limits();

    /// A limit of its own, getrlimit(2). A child has its parent's, another program the same.
    ///
    /// @throws ErrnoException `EINVAL` when there is no such resource
    ResourceLimit limit(int resource);

    /// Changes one, setrlimit(2).
    ///
    /// @param privileged whether the hard limit may be raised, up to what the pod has
    /// @throws ErrnoException `EINVAL` when there is no such resource; `EPERM` when a limit would
    ///     be raised without the right to, or beyond what the pod has, or when nobody would hold
    ///     the process to it: that is so for all but `CPU`, `CORE` and `NOFILE`
    void setLimit(int resource, ResourceLimit limit, boolean privileged);

    /// Its `CLOCK_MONOTONIC`, in nanoseconds: as [Clock#monotonic()], but in a process that was
    /// thawed it goes on where it was.
    long monotonic();

    /// `IN`-ready while somebody wants it frozen, if it has a say in that: see [#rest].
    Pollable freezing();

    /// The program is at rest: its tasks but the caller have ended, and it can go on without its
    /// frames. If somebody wants it frozen, and that is possible, this is where it is. A process
    /// that is made of that state begins in its export `_thaw`, without parameters; a program that
    /// has no such export is never asked.
    ///
    /// @return 0 when it goes on here, or [Task#BLOCKED]
    /// @throws RuntimeException what unwinds the caller's frames: it was frozen, and ends
    int rest(Task caller);

    /// CPU time used by its tasks, in nanoseconds.
    long cpuTime();

    /// Nanoseconds since it started.
    long elapsed();

    /// Its pod's objects: other processes, names, network.
    PodContext pod();
}
