package podium.syscall.process;

import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Process;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// Scheduling (sched(7)). The host's scheduler treats all tasks alike; nice values are kept and
/// given back.
@Component(service = SyscallFamily.class)
public final class SchedulingSyscalls implements SyscallFamily {

    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RR = 2;
    private static final int SCHED_BATCH = 3;
    private static final int SCHED_IDLE = 5;
    private static final int PRIO_PROCESS = 0;
    private static final int PRIO_USER = 2;

    @Override
    public String module() {
        return "linux";
    }

    /// Called by guests that spin; nothing relies on what it does.
    @Export
    @SuppressWarnings("ThreadPriorityCheck")
    public int sched_yield() {
        Thread.yield();
        return 0;
    }

    @Export
    public int sched_getscheduler(Task task, int pid) {
        if (pid < 0) return Errno.EINVAL.negated();
        check(task, pid);
        return SCHED_OTHER;
    }

    @Export
    public int sched_setscheduler(
            Task task, GuestMemory memory, int pid, int policy, int parameter) {
        if (pid < 0) return Errno.EINVAL.negated();
        check(task, pid);
        int priority = memory.getInt(parameter);
        return switch (policy) {
            case SCHED_OTHER -> priority == 0 ? 0 : Errno.EINVAL.negated();
            case SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE -> Errno.EPERM.negated();
            default -> Errno.EINVAL.negated();
        };
    }

    @Export
    public int sched_getparam(Task task, GuestMemory memory, int pid, int parameter) {
        if (pid < 0) return Errno.EINVAL.negated();
        check(task, pid);
        memory.putInt(parameter, 0);
        return 0;
    }

    @Export
    public int sched_setparam(Task task, GuestMemory memory, int pid, int parameter) {
        return sched_setscheduler(task, memory, pid, SCHED_OTHER, parameter);
    }

    @Export
    public int sched_get_priority_max(int policy) {
        return switch (policy) {
            case SCHED_FIFO, SCHED_RR -> 99;
            case SCHED_OTHER, SCHED_BATCH, SCHED_IDLE -> 0;
            default -> Errno.EINVAL.negated();
        };
    }

    @Export
    public int sched_get_priority_min(int policy) {
        return policy == SCHED_FIFO || policy == SCHED_RR ? 1 : sched_get_priority_max(policy);
    }

    private static void check(Task task, int tid) {
        if (tid != 0 && task.process().pod().task(tid) == null) throw Errno.ESRCH.exception();
    }

    /// @return 20 minus the nice value, so that it is never an error
    @Export
    public int getpriority(Task task, int which, int who) {
        int best = Integer.MIN_VALUE;
        for (var process : select(task, which, who))
            best = Math.max(best, 20 - nice(task).of(process));
        return best == Integer.MIN_VALUE ? Errno.ESRCH.negated() : best;
    }

    @Export
    public int setpriority(Task task, int which, int who, int priority) {
        int value = Math.clamp(priority, -20, 19);
        var selected = select(task, which, who);
        if (selected.isEmpty()) return Errno.ESRCH.negated();
        boolean superuser = task.process().credentials().euid() == 0;
        for (var process : selected) {
            if (value < nice(task).of(process) && !superuser) return Errno.EACCES.negated();
            nice(task).set(process, value);
        }
        return 0;
    }

    private static java.util.List<Process> select(Task task, int which, int who) {
        if (which < PRIO_PROCESS || which > PRIO_USER) throw Errno.EINVAL.exception();
        var me = task.process();
        var selected = new java.util.ArrayList<Process>();
        for (var process : me.pod().processes()) {
            int number =
                    switch (which) {
                        case PRIO_PROCESS -> process.pid();
                        case PRIO_USER -> process.credentials().uid();
                        default -> process.group();
                    };
            int wanted =
                    who != 0
                            ? who
                            : switch (which) {
                                case PRIO_PROCESS -> me.pid();
                                case PRIO_USER -> me.credentials().uid();
                                default -> me.group();
                            };
            if (number == wanted) selected.add(process);
        }
        return selected;
    }

    private static NiceValues nice(Task task) {
        return task.process().pod().state(NiceValues.class, NiceValues::new);
    }

    /// The nice values of a pod's processes that have another than 0. Thread-safe.
    static final class NiceValues {

        private final java.util.Map<Process, Integer> values =
                java.util.Collections.synchronizedMap(new java.util.WeakHashMap<>());

        int of(Process process) {
            return values.getOrDefault(process, 0);
        }

        void set(Process process, int value) {
            values.put(process, value);
        }
    }
}
