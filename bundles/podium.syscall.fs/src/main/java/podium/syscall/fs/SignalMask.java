package podium.syscall.fs;

import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.Task;

/// The signal mask that some calls wait with (ppoll(2)).
final class SignalMask {

    private static final int SIZE = 8;

    private SignalMask() {}

    /// @param address 0 to leave the mask as it is
    /// @throws podium.syscall.ErrnoException `EINVAL`, `EFAULT`
    static void set(Task task, GuestMemory memory, int address, int size) {
        if (address == 0) return;
        if (size != SIZE) throw Errno.EINVAL.exception();
        task.signals().setMaskForCall(memory.getLong(address));
    }
}
