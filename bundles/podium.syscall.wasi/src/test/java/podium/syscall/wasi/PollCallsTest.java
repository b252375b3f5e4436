package podium.syscall.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import podium.syscall.Clock;
import podium.syscall.GuestMemory;
import podium.syscall.Task;
import podium.syscall.wasi.abi.WasiErrno;
import podium.testkit.FixedMemory;

class PollCallsTest {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final int EVENTS = 1000;
    private static final int COUNT = 2000;

    private final TestTask caller = new TestTask();
    private final GuestMemory memory = new GuestMemory(new FixedMemory(1));
    private long wallClock = 1000 * HOUR;
    private final PollCalls calls =
            new PollCalls(Version.PREVIEW1, WasiFamiliesTest.NONE, () -> wallClock);

    /// One subscription of a clock.
    private int poll(int clock, long time, boolean absolute) {
        memory.clear(0, 48);
        memory.putInt(16, clock);
        memory.putLong(24, time);
        memory.putShort(40, (short) (absolute ? 1 : 0));
        return calls.poll_oneoff(caller.task, memory, 0, EVENTS, 1, COUNT);
    }

    @Test
    void aMomentOfTheWallClockComesWhateverBecomesOfThat() {
        long moment = wallClock + TimeUnit.MILLISECONDS.toNanos(20);
        assertEquals(Task.BLOCKED, poll(Clock.REALTIME, moment, true));
        assertTrue(caller.timeout <= TimeUnit.MILLISECONDS.toNanos(20), "" + caller.timeout);
        wallClock -= HOUR;
        long began = Clock.monotonic();
        while (poll(Clock.REALTIME, moment, true) == Task.BLOCKED)
            assertTrue(Clock.monotonic() - began < HOUR / 60, "it does not come");
        assertEquals(1, memory.getInt(COUNT));
    }

    @Test
    void whatHasPassedIsAtOnce() {
        assertEquals(WasiErrno.SUCCESS, poll(Clock.REALTIME, wallClock, true));
        assertEquals(WasiErrno.SUCCESS, poll(Clock.MONOTONIC, 1, true));
        assertEquals(WasiErrno.SUCCESS, poll(Clock.MONOTONIC, 0, false));
        assertEquals(-1, caller.timeout);
    }

    /// Times are unsigned.
    @Test
    void theGreatestTimesNeverCome() {
        for (int clock : new int[] {Clock.REALTIME, Clock.MONOTONIC})
            for (long time : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE})
                for (boolean absolute : new boolean[] {false, true}) {
                    caller.kept = null;
                    assertEquals(Task.BLOCKED, poll(clock, time, absolute));
                    assertTrue(caller.timeout > 1000 * HOUR, "" + caller.timeout);
                }
    }
}
