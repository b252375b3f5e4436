package podium.kernel.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import podium.engine.FunctionType;
import podium.engine.ImportType;
import podium.engine.ValueType;
import podium.syscall.Export;
import podium.syscall.SyscallFamily;

/// Replaces a family thousands of times under callers that never pause: nobody may be inside one
/// after it was removed, and no call may fail.
class SwapHammerTest {

    private static final int CALLERS = 3;
    private static final int SWAPS = 4000;

    private final GateTable table = new GateTable();
    private final AtomicLong usedAfterClose = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean stop;

    /// Knows when it is out of use.
    public final class Family implements SyscallFamily {

        private volatile boolean closed;

        @Override
        public String module() {
            return "linux";
        }

        @Export
        public int work(int value) {
            if (closed) usedAfterClose.incrementAndGet();
            int result = value;
            for (int i = 0; i < 20; i++) result = result * 31 + i;
            if (closed) usedAfterClose.incrementAndGet();
            return result & 0xffff;
        }
    }

    @Test
    void noUseAfterClose() throws InterruptedException {
        var type = new FunctionType(List.of(ValueType.I32), List.of(ValueType.I32));
        var current = new Family();
        table.add(current, 0, 0);
        var work = table.resolve(new ImportType("linux", "work", type)).handle();
        var calls = new AtomicLong();
        var threads = new ArrayList<Thread>();
        var callers = new ArrayList<TestCaller>();
        for (int i = 0; i < CALLERS; i++)
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        var caller = new TestCaller();
                                        synchronized (callers) {
                                            callers.add(caller);
                                        }
                                        table.enter(caller);
                                        long made = 0;
                                        try {
                                            while (!stop) {
                                                int result =
                                                        (int) work.invokeExact((Object) caller, 5);
                                                if (result < 0)
                                                    throw new IllegalStateException("" + result);
                                                made++;
                                            }
                                        } catch (Throwable e) {
                                            failure.set(e);
                                        }
                                        table.exit(caller);
                                        calls.addAndGet(made);
                                    }));
        for (int i = 1; i <= SWAPS || calls(callers) <= SWAPS; i++) {
            var next = new Family();
            // Half the time with a gap, in which callers are held.
            if (i % 2 == 0) table.add(next, 0, i);
            table.remove(current);
            current.closed = true;
            if (i % 2 != 0) table.add(next, 0, i);
            current = next;
        }
        stop = true;
        for (var thread : threads) thread.join();
        assertNull(failure.get());
        assertEquals(0, usedAfterClose.get());
        for (var caller : callers) assertNull(caller.straggled);
        assertTrue(calls.get() > SWAPS, "calls were made: " + calls);
    }

    /// How many were made, or a little more.
    private static long calls(List<TestCaller> callers) {
        long calls = 0;
        synchronized (callers) {
            for (var caller : callers) for (long count : caller.counts()) calls += count;
        }
        return calls;
    }
}
