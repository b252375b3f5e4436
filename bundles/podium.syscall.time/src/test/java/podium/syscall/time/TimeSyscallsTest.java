package podium.syscall.time;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class TimeSyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new TimeSyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of(
                "clock_gettime64",
                "clock_getres_time64",
                "clock_nanosleep_time64",
                "nanosleep",
                "setitimer",
                "getitimer",
                "times",
                "timer_create",
                "timer_settime64",
                "timer_gettime64",
                "timer_getoverrun",
                "timer_delete");
    }
}
