package podium.syscall.thread;

import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// What threads wait with (futex(2)), and the locks a dying one leaves (set_robust_list(2)).
@Component(service = SyscallFamily.class)
public final class ThreadSyscalls implements SyscallFamily {

    private final Futex futex = new Futex();

    /// The heads of robust lists; a task's own goes when it ends.
    private final ConcurrentHashMap<Task, Integer> robustLists = new ConcurrentHashMap<>();

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int futex_time64(
            Task task,
            GuestMemory memory,
            int address,
            int operation,
            int value,
            int timeout,
            int address2,
            int value3) {
        return futex.call(task, memory, address, operation, value, timeout, address2, value3);
    }

    @Export
    public int set_robust_list(Task task, int head, int length) {
        if (length != RobustList.HEAD_SIZE) return Errno.EINVAL.negated();
        if (robustLists.put(task, head) == null)
            task.onEnd(
                    () -> {
                        var last = robustLists.remove(task);
                        if (last != null && last != 0) RobustList.abandon(task, last);
                    });
        return 0;
    }

    @Export
    public int get_robust_list(Task task, GuestMemory memory, int tid, int head, int length) {
        var of = tid == 0 ? task : task.process().pod().task(tid);
        if (of == null) return Errno.ESRCH.negated();
        if (of.process() != task.process()) return Errno.EPERM.negated();
        memory.putInt(head, robustLists.getOrDefault(of, 0));
        memory.putInt(length, RobustList.HEAD_SIZE);
        return 0;
    }
}
