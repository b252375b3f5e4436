package podium.syscall.wasi;

import org.osgi.service.component.annotations.Component;
import podium.syscall.Export;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// Threads, by the proposal wasi-threads: an instance each over one shared memory.
@Component(service = SyscallFamily.class)
public final class ThreadCalls implements SyscallFamily {

    private static final String START = "wasi_thread_start";

    @Override
    public String module() {
        return "wasi";
    }

    /// @return the thread's number, or a negated errno
    @Export("thread-spawn")
    public int spawn(Task task, int argument) {
        return task.process().startTask(task, START, argument);
    }
}
