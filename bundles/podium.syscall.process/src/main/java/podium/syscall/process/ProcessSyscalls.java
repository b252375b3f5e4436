package podium.syscall.process;

import org.osgi.service.component.annotations.Component;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.Process;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// Processes and tasks: numbers, starting, ending, waiting (clone(2), execve(2), waitid(2)).
@Component(service = SyscallFamily.class)
public final class ProcessSyscalls implements SyscallFamily {

    private static final int CLONE_VM = 0x100;
    private static final int CLONE_VFORK = 0x4000;
    private static final int CLONE_THREAD = 0x1_0000;
    private static final int CLONE_PARENT_SETTID = 0x10_0000;
    private static final int CLONE_CHILD_CLEARTID = 0x20_0000;
    private static final int SIGCHLD = 17;
    private static final int SIGNAL = 0xff;
    private static final int WNOHANG = 1;
    private static final int WSTOPPED = 2;
    private static final int WEXITED = 4;
    private static final int WCONTINUED = 8;
    private static final int WNOWAIT = 0x100_0000;
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int P_PGID = 2;
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_NAME = 15;
    private static final int PR_GET_NAME = 16;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_GET_NO_NEW_PRIVS = 39;

    /// Bytes of a task's name, with its NUL.
    private static final int NAME_SIZE = 16;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int getpid(Task task) {
        return task.process().pid();
    }

    @Export
    public int getppid(Task task) {
        return task.process().parent();
    }

    @Export
    public int gettid(Task task) {
        return task.tid();
    }

    @Export
    public int set_tid_address(Task task, int address) {
        task.setClearTid(address);
        return task.tid();
    }

    @Export
    public int exit(Task task, int status) {
        throw task.exit(status);
    }

    @Export
    public int exit_group(Task task, int status) {
        return task.process().exit(task, status);
    }

    @Export
    public int clone(Task task, int flags, int stack, int parentTid, int tls, int childTid) {
        // A memory of its own for a copy of a running program is what WebAssembly has no way to.
        if ((flags & CLONE_VM) == 0) return Errno.ENOSYS.negated();
        if ((flags & CLONE_THREAD) != 0) {
            if (stack == 0) return Errno.EINVAL.negated();
            int notify = (flags & CLONE_PARENT_SETTID) != 0 ? parentTid : 0;
            int clear = (flags & CLONE_CHILD_CLEARTID) != 0 ? childTid : 0;
            return task.process().startTask(task, stack, notify, clear);
        }
        if ((flags & CLONE_VFORK) == 0) return Errno.ENOSYS.negated();
        if ((flags & SIGNAL) != SIGCHLD) return Errno.EINVAL.negated();
        return task.process().vfork(task, stack);
    }

    @Export
    public int execve(Task task, GuestMemory memory, @CString String path, int argv, int envp) {
        var arguments = ProgramStrings.read(memory, argv);
        var environment = ProgramStrings.read(memory, envp);
        return task.process().execute(task, path, arguments, environment);
    }

    @Export
    public int waitid(
            Task task, GuestMemory memory, int type, int id, int info, int options, int usage) {
        int known = WNOHANG | WSTOPPED | WEXITED | WCONTINUED | WNOWAIT;
        if ((options & ~known) != 0) return Errno.EINVAL.negated();
        if ((options & (WEXITED | WSTOPPED | WCONTINUED)) == 0) return Errno.EINVAL.negated();
        int which;
        switch (type) {
            case P_ALL -> which = 0;
            case P_PID -> {
                if (id <= 0) return Errno.EINVAL.negated();
                which = id;
            }
            case P_PGID -> {
                if (id < 0) return Errno.EINVAL.negated();
                which = id == 0 ? -task.process().group() : -id;
            }
            default -> {
                return Errno.EINVAL.negated();
            }
        }
        return await(task, memory, which, info, options, usage);
    }

    private static int await(
            Task task, GuestMemory memory, int which, int info, int options, int usage) {
        var children = task.process().children();
        boolean exits = (options & WEXITED) != 0;
        var ended = exits ? children.reap(which, (options & WNOWAIT) != 0) : null;
        if (ended == null && (options & WNOHANG) == 0)
            return task.block(children.arrival(), Pollable.IN);
        if (info != 0) Structs.writeEnded(memory, info, ended);
        if (usage != 0) Structs.writeUsage(memory, usage, ended == null ? 0 : ended.cpuTime(), 0);
        return 0;
    }

    @Export
    public int getpgid(Task task, int pid) {
        return find(task, pid).group();
    }

    @Export
    public int setpgid(Task task, int pid, int group) {
        var process = find(task, pid);
        if (process != task.process() && process.parent() != task.process().pid())
            return Errno.ESRCH.negated();
        process.setGroup(group);
        return 0;
    }

    @Export
    public int getsid(Task task, int pid) {
        return find(task, pid).session();
    }

    @Export
    public int setsid(Task task) {
        return task.process().newSession();
    }

    static Process find(Task task, int pid) {
        if (pid == 0 || pid == task.process().pid()) return task.process();
        var process = task.process().pod().process(pid);
        if (process == null) throw Errno.ESRCH.exception();
        return process;
    }

    @Export
    public int prctl(Task task, GuestMemory memory, int option, int a, int b, int c, int d) {
        return switch (option) {
            case PR_SET_NAME -> {
                var name = memory.bytes(a, nameLength(memory, a));
                task.setName(podium.syscall.LinuxString.decode(name));
                yield 0;
            }
            case PR_GET_NAME -> {
                var name = podium.syscall.LinuxString.encode(task.name());
                memory.clear(a, NAME_SIZE);
                memory.put(a, java.util.Arrays.copyOf(name, Math.min(name.length, NAME_SIZE - 1)));
                yield 0;
            }
            case PR_GET_DUMPABLE -> 1;
            case PR_SET_DUMPABLE -> a == 0 || a == 1 ? 0 : Errno.EINVAL.negated();
            // There are no privileges to be gained by executing in a pod.
            case PR_SET_NO_NEW_PRIVS -> a == 1 ? 0 : Errno.EINVAL.negated();
            case PR_GET_NO_NEW_PRIVS -> 1;
            case PR_SET_PDEATHSIG -> a == 0 ? 0 : Errno.EINVAL.negated();
            default -> Errno.EINVAL.negated();
        };
    }

    private static int nameLength(GuestMemory memory, int address) {
        int length = 0;
        while (length < NAME_SIZE - 1 && memory.getByte(address + length) != 0) length++;
        return length;
    }
}
