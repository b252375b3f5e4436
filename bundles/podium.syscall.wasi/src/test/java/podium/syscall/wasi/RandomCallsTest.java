package podium.syscall.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;
import podium.syscall.Task;
import podium.syscall.wasi.abi.WasiErrno;
import podium.testkit.FixedMemory;

class RandomCallsTest {

    /// Not random, but none of it is zero.
    @SuppressWarnings("serial")
    private static final class Ones extends SecureRandom {

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 1);
        }
    }

    private final TestTask caller = new TestTask();
    private final GuestMemory memory = new GuestMemory(new FixedMemory(64));
    private final RandomCalls calls = new RandomCalls(Version.PREVIEW1, new Ones());

    private int steps(int address, int length) {
        caller.kept = null;
        for (int steps = 1; ; steps++) {
            int result = calls.random_get(caller.task, memory, address, length);
            if (result == WasiErrno.SUCCESS) return steps;
            assertEquals(Task.BLOCKED, result);
            assertEquals(0, caller.timeout, "it looks for signals, and goes on");
        }
    }

    private int ones(int address, int length) {
        int count = 0;
        for (int i = 0; i < length; i++) count += memory.getByte(address + i);
        return count;
    }

    @Test
    void howeverManyComeInSteps() {
        for (int length : new int[] {0, 1, 65_537, 1 << 20}) {
            assertEquals(1, steps(16, length));
            assertEquals(length, ones(16, length));
        }
        assertEquals(4, steps(16, 3 << 20 | 1));
        assertEquals(3 << 20 | 1, ones(0, 64 << 16), "and nothing beside them");
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingHappens() {
        for (int length : new int[] {64 << 16, -1, Integer.MIN_VALUE}) {
            var e = assertThrows(ErrnoException.class, () -> steps(16, length));
            assertEquals(Errno.EFAULT, e.errno());
        }
        assertEquals(0, ones(0, 64 << 16));
    }
}
