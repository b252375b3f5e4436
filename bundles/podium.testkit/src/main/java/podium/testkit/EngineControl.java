package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import podium.engine.Instance;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// Interrupts from other threads, and deadlines.
abstract class EngineControl extends EngineFixture {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    /// Generous: the machine that tests may be busy.
    private static final long PATIENCE_MS = 2_000;

    private WasmAssembler spinner() {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        int idle = wasm.type("i", "i");
        // an empty loop, one with arithmetic, and one that only calls
        wasm.function("spin", type, "", code().begin(3).op(0x0c, 0).end());
        wasm.function(
                "count", type, "i", code().begin(3).get(0).i32(1).add().set(0).op(0x0c, 0).end());
        int leaf = wasm.function(idle, "", code().get(0).i32(3).add());
        wasm.function(
                "calls", type, "i", code().begin(3).get(0).call(leaf).set(0).op(0x0c, 0).end());
        wasm.function("fine", idle, "", code().get(0));
        return wasm;
    }

    private static void interruptAfter(Instance instance, String function, long warmUp)
            throws InterruptedException {
        var thrown = new AtomicReference<@Nullable Throwable>();
        var thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        call(instance, function);
                                    } catch (Throwable e) {
                                        thrown.set(e);
                                    }
                                });
        Thread.sleep(warmUp);
        assertTrue(thread.isAlive());
        instance.interrupt();
        assertTrue(thread.join(java.time.Duration.ofMillis(PATIENCE_MS)), "still running");
        assertEquals(Kind.INTERRUPTED, assertInstanceOf(Trap.class, thrown.get()).kind());
    }

    @Test
    void interruptsLoops() throws InterruptedException {
        try (var instance = instantiate(spinner())) {
            for (var function : new String[] {"spin", "count", "calls"}) {
                interruptAfter(instance, function, 5);
                interruptAfter(instance, function, 400);
                assertEquals(3, call(instance, "fine", 3));
            }
        }
    }

    @Test
    void interruptsTheNextEntry() {
        try (var instance = instantiate(spinner())) {
            instance.interrupt();
            instance.interrupt();
            assertTraps(Kind.INTERRUPTED, instance, "fine", 1);
            assertEquals(1, call(instance, "fine", 1));
        }
    }

    @Test
    void keepsDeadlines() {
        try (var instance = instantiate(spinner())) {
            for (var function : new String[] {"spin", "count", "calls"}) {
                long before = System.nanoTime();
                instance.setDeadline(Duration.ofMillis(50));
                assertEquals(3, call(instance, "fine", 3));
                assertTraps(Kind.DEADLINE, instance, function);
                long took = (System.nanoTime() - before) / 1_000_000;
                assertTrue(took >= 50 && took < PATIENCE_MS, took + " ms");
                assertTraps(Kind.DEADLINE, instance, "fine", 1);
                assertTraps(Kind.DEADLINE, instance, "fine", 1);
                instance.setDeadline(Duration.ofHours(1));
                assertEquals(3, call(instance, "fine", 3));
                instance.setDeadline(Duration.ofDays(1_000_000));
                instance.setDeadline(Duration.ZERO);
                assertTraps(Kind.DEADLINE, instance, "fine", 1);
                instance.setDeadline(null);
                assertEquals(3, call(instance, "fine", 3));
            }
        }
    }

    /// A deadline replaced in time never passes, however close it was.
    @Test
    void forgetsReplacedDeadlines() {
        try (var instance = instantiate(spinner())) {
            for (int i = 0; i < 200; i++) {
                instance.setDeadline(Duration.ofNanos(i * 5_000L));
                instance.setDeadline(null);
                assertEquals(i, call(instance, "fine", i));
            }
        }
    }

    @Test
    void toldInterruptsFromDeadlines() {
        try (var instance = instantiate(spinner())) {
            instance.setDeadline(Duration.ZERO);
            instance.interrupt();
            assertTraps(Kind.INTERRUPTED, instance, "fine", 1);
            assertTraps(Kind.DEADLINE, instance, "fine", 1);
            instance.interrupt();
            instance.setDeadline(null);
            assertTraps(Kind.INTERRUPTED, instance, "fine", 1);
            assertEquals(1, call(instance, "fine", 1));
        }
    }

    /// Interrupts at any moment of a call: inside, at its end, between two. Each stops one call, or
    /// the same as the one before; none is lost, none strikes twice.
    @Test
    void interruptsAtAnyMoment() throws InterruptedException {
        try (var instance = instantiate(spinner())) {
            var sent = new AtomicInteger();
            var over = new AtomicBoolean();
            var sender =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        while (!over.get()) {
                                            sent.incrementAndGet();
                                            instance.interrupt();
                                            LockSupport.parkNanos(20_000);
                                        }
                                    });
            int trapped = 0;
            long end = System.nanoTime() + 500_000_000;
            for (int i = 0; System.nanoTime() < end; i++) trapped += interrupted(instance, i);
            over.set(true);
            sender.join();
            trapped += interrupted(instance, 1);
            assertEquals(0, interrupted(instance, 1), "an interrupt struck twice");
            assertTrue(trapped > 10 && trapped <= sent.get(), trapped + " of " + sent);
            instance.interrupt();
            assertEquals(1, interrupted(instance, 1), "an interrupt was lost");
        }
    }

    /// @return whether the call was interrupted, as 0 or 1
    private static int interrupted(Instance instance, int i) {
        try {
            assertEquals(i, call(instance, "fine", i));
            return 0;
        } catch (Trap trap) {
            assertEquals(Kind.INTERRUPTED, trap.kind());
            return 1;
        }
    }

    private record Meeting(CountDownLatch inside, CountDownLatch leave) {}

    static int meet(@Nullable Object context, int x) throws InterruptedException {
        var meeting = (Meeting) java.util.Objects.requireNonNull(context);
        meeting.inside.countDown();
        assertTrue(meeting.leave.await(PATIENCE_MS, TimeUnit.MILLISECONDS));
        return x;
    }

    @Test
    void interruptsWhenTheHostReturns() throws InterruptedException {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int meet = wasm.importFunction("host", "meet", type);
        wasm.function("run", type, "", code().get(0).call(meet));
        var meeting = new Meeting(new CountDownLatch(1), new CountDownLatch(1));
        var host = host(LOOKUP, EngineControl.class, "meet", 1, 1);
        try (var instance = instantiate(load(wasm), Map.of("host.meet", host), meeting)) {
            var trapped = new AtomicReference<@Nullable Throwable>();
            var thread =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            call(instance, "run", 1);
                                        } catch (Throwable e) {
                                            trapped.set(e);
                                        }
                                    });
            assertTrue(meeting.inside.await(PATIENCE_MS, TimeUnit.MILLISECONDS));
            instance.interrupt();
            Thread.sleep(20);
            assertTrue(thread.isAlive(), "an interrupt must not reach into the host");
            meeting.leave.countDown();
            assertTrue(thread.join(java.time.Duration.ofMillis(PATIENCE_MS)));
            assertFalse(thread.isInterrupted());
            assertEquals(Kind.INTERRUPTED, assertInstanceOf(Trap.class, trapped.get()).kind());
        }
    }
}
