package podium.syscall;

import java.time.Instant;

/// The clocks guests see (clock_gettime(2)), in nanoseconds. All parts of the kernel read them
/// here,
/// so that deadlines on them mean the same everywhere.
public final class Clock {

    public static final int REALTIME = 0;
    public static final int MONOTONIC = 1;
    public static final int PROCESS_CPUTIME_ID = 2;
    public static final int THREAD_CPUTIME_ID = 3;
    public static final int MONOTONIC_RAW = 4;
    public static final int REALTIME_COARSE = 5;
    public static final int MONOTONIC_COARSE = 6;
    public static final int BOOTTIME = 7;

    /// Guests count from some time before the kernel's start: the host's uptime is none of their
    /// business, but a machine that has just booted would make moments in the past negative.
    private static final long ORIGIN = System.nanoTime() - 1_000_000_000_000L;

    private Clock() {}

    /// Since the kernel's start; positive, never goes back. What a process sees of it is
    /// [Process#monotonic()].
    public static long monotonic() {
        return System.nanoTime() - ORIGIN;
    }

    /// Since the epoch, UTC.
    public static long realtime() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }
}
