package podium.syscall.process;

import org.osgi.service.component.annotations.Component;
import podium.syscall.Export;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// How a program that waits for events lets itself be frozen. Not of Linux: imports of module
/// `podium`.
@Component(service = SyscallFamily.class)
public final class FreezeSyscalls implements SyscallFamily {

    @Override
    public String module() {
        return "podium";
    }

    /// Opens a descriptor that can be read, in the sense of poll(2), while somebody wants the
    /// process frozen. It is closed by execve(2).
    ///
    /// @return the descriptor
    @Export("freeze_fd")
    public int freezeFd(Task task) {
        OpenFile file = new FreezeFile(task.process().freezing());
        return task.files().add(file, true);
    }

    /// The program is at rest, and may be frozen. See [podium.syscall.Process#rest].
    ///
    /// @return 0 when it goes on here
    @Export
    public int rest(Task task) {
        return task.process().rest(task);
    }
}
