package podium.syscall.time;

import podium.syscall.Errno;
import podium.syscall.GuestMemory;

/// How a timer tells of its expiration (sigevent(3type)).
///
/// @param signal 0 for not at all
/// @param value handed to the handler; the timer's number when there was no event given
/// @param tid the task that gets it, 0 for the process
/// @param given whether the guest gave it
record SignalEvent(int signal, int value, int tid, boolean given) {

    private static final int SIGALRM = 14;
    private static final int SIGEV_SIGNAL = 0;
    private static final int SIGEV_NONE = 1;
    private static final int SIGEV_THREAD_ID = 4;

    static SignalEvent alarm() {
        return new SignalEvent(SIGALRM, 0, 0, false);
    }

    /// @throws podium.syscall.ErrnoException `EINVAL`
    static SignalEvent read(GuestMemory memory, int address) {
        if (address == 0) return alarm();
        int signal = memory.getInt(address + 4);
        int value = memory.getInt(address);
        switch (memory.getInt(address + 8)) {
            case SIGEV_NONE -> {
                return new SignalEvent(0, value, 0, true);
            }
            case SIGEV_SIGNAL -> {
                check(signal);
                return new SignalEvent(signal, value, 0, true);
            }
            case SIGEV_THREAD_ID -> {
                check(signal);
                return new SignalEvent(signal, value, memory.getInt(address + 12), true);
            }
            default -> throw Errno.EINVAL.exception();
        }
    }

    private static void check(int signal) {
        if (signal < 1 || signal > 64) throw Errno.EINVAL.exception();
    }
}
