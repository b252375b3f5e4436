package podium.syscall.time;

import podium.syscall.Errno;
import podium.syscall.GuestMemory;

/// Times as guests have them in memory, in nanoseconds here.
final class Times {

    static final long SECOND = 1_000_000_000;

    private Times() {}

    /// Reads a `timespec` of 64-bit seconds.
    ///
    /// @return saturated at the greatest long
    /// @throws podium.syscall.ErrnoException `EINVAL` when it is negative or not normalised
    static long get(GuestMemory memory, int address) {
        long seconds = memory.getLong(address);
        int nanos = memory.getInt(address + 8);
        if (seconds < 0 || nanos < 0 || nanos >= SECOND) throw Errno.EINVAL.exception();
        return seconds >= Long.MAX_VALUE / SECOND ? Long.MAX_VALUE : seconds * SECOND + nanos;
    }

    static void put(GuestMemory memory, int address, long time) {
        memory.putLong(address, Math.floorDiv(time, SECOND));
        memory.putLong(address + 8, Math.floorMod(time, SECOND));
    }

    /// Reads an old `timeval` of 32-bit seconds and microseconds.
    static long getOld(GuestMemory memory, int address) {
        int seconds = memory.getInt(address);
        int micros = memory.getInt(address + 4);
        if (seconds < 0 || micros < 0 || micros >= 1_000_000) throw Errno.EINVAL.exception();
        return seconds * SECOND + micros * 1000L;
    }

    static void putOld(GuestMemory memory, int address, long time) {
        memory.putInt(address, (int) (time / SECOND));
        memory.putInt(address + 4, (int) (time % SECOND / 1000));
    }
}
