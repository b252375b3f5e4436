package podium.syscall.process;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class ProcessSyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new ProcessSyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of(
                "getpid",
                "getppid",
                "gettid",
                "set_tid_address",
                "exit",
                "exit_group",
                "clone",
                "execve",
                "waitid",
                "getpgid",
                "setpgid",
                "getsid",
                "setsid",
                "prctl");
    }
}
