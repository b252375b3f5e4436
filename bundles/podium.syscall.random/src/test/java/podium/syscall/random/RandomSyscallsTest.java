package podium.syscall.random;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class RandomSyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new RandomSyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of("getrandom");
    }
}
