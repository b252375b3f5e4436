package podium.syscall.thread;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class ThreadSyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new ThreadSyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of("futex_time64", "set_robust_list", "get_robust_list");
    }
}
