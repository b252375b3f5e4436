package podium.syscall.process;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class SystemSyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new SystemSyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of(
                "uname",
                "sethostname",
                "sysinfo",
                "getrusage",
                "prlimit64",
                "getcpu",
                "sched_getaffinity");
    }
}
