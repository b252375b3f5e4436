package podium.syscall.process;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class SchedulingSyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new SchedulingSyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of(
                "sched_yield",
                "sched_getscheduler",
                "sched_setscheduler",
                "sched_getparam",
                "getpriority",
                "setpriority");
    }
}
