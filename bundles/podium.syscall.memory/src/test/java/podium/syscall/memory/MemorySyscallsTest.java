package podium.syscall.memory;

import java.util.Set;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class MemorySyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new MemorySyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of(
                "mmap2",
                "munmap",
                "mremap",
                "mprotect",
                "madvise",
                "brk",
                "msync",
                "mlock",
                "munlock",
                "mincore");
    }
}
