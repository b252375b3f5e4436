package podium.syscall.fs;

import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.Task;

/// `struct timespec` with 64-bit seconds: seconds, nanoseconds (32 bits), pad.
final class Times {

    static final int SIZE = 16;

    private static final long SECOND = 1_000_000_000L;

    private Times() {}

    /// A timeout: nanoseconds, or [Task#FOREVER] when there is none.
    ///
    /// @throws podium.syscall.ErrnoException `EINVAL`, `EFAULT`
    static long timeout(GuestMemory memory, int at) {
        return at == 0 ? Task.FOREVER : read(memory, at);
    }

    /// Nanoseconds; [Task#FOREVER] when that is too many.
    ///
    /// @throws podium.syscall.ErrnoException `EINVAL`, `EFAULT`
    static long read(GuestMemory memory, int at) {
        long seconds = memory.getLong(at);
        int nanoseconds = memory.getInt(at + 8);
        if (seconds < 0 || nanoseconds < 0 || nanoseconds >= SECOND) throw Errno.EINVAL.exception();
        if (seconds >= Long.MAX_VALUE / SECOND) return Task.FOREVER;
        return seconds * SECOND + nanoseconds;
    }

    static void write(GuestMemory memory, int at, long nanoseconds) {
        memory.putLong(at, nanoseconds / SECOND);
        memory.putLong(at + 8, nanoseconds % SECOND);
    }
}
