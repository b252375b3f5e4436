package podium.syscall.process;

import org.jspecify.annotations.Nullable;
import podium.syscall.ChildEvents.Ended;
import podium.syscall.GuestMemory;

/// Structures of these system calls in guest memory.
final class Structs {

    private static final int SIGCHLD = 17;
    private static final int CLD_EXITED = 1;
    private static final int CLD_KILLED = 2;
    private static final int INFO_SIZE = 128;
    private static final int USAGE_SIZE = 72;

    private Structs() {}

    /// siginfo_t as waitid(2) fills it; all zero for no child.
    static void writeEnded(GuestMemory memory, int address, @Nullable Ended ended) {
        memory.clear(address, INFO_SIZE);
        if (ended == null) return;
        memory.putInt(address, SIGCHLD);
        memory.putInt(address + 8, ended.signalled() ? CLD_KILLED : CLD_EXITED);
        memory.putInt(address + 12, ended.pid());
        memory.putInt(address + 16, ended.uid());
        memory.putInt(address + 20, ended.status());
    }

    /// struct rusage: CPU time counts as the user's.
    ///
    /// @param resident in bytes
    static void writeUsage(GuestMemory memory, int address, long cpuTime, long resident) {
        memory.clear(address, USAGE_SIZE);
        memory.putInt(address, (int) (cpuTime / 1_000_000_000));
        memory.putInt(address + 4, (int) (cpuTime % 1_000_000_000 / 1000));
        memory.putInt(address + 16, (int) (resident >> 10));
    }
}
