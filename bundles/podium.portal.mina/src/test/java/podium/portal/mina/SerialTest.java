package podium.portal.mina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialTest {

    private final ArrayList<Runnable> queue = new ArrayList<>();
    private int runs;

    @Test
    void runsOnceMoreForWhatWasAskedWhileItRan() {
        var self = new Serial[1];
        self[0] =
                new Serial(
                        queue::add,
                        () -> {
                            if (runs++ > 0) return;
                            self[0].ask();
                            self[0].ask();
                        });
        self[0].ask();
        self[0].ask();
        assertEquals(1, queue.size());
        queue.removeFirst().run();
        assertEquals(2, runs);
        assertTrue(queue.isEmpty());
        self[0].ask();
        assertEquals(1, queue.size());
    }

    /// The last question is always followed by a run that sees all that came before it.
    @Test
    void neverRunsTwiceAtOnceAndForgetsNobody() {
        int askers = 4;
        int questions = 20_000;
        var asked = new AtomicInteger();
        var seen = new AtomicInteger();
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        try (var pumps = Executors.newVirtualThreadPerTaskExecutor()) {
            var serial =
                    new Serial(
                            pumps,
                            () -> {
                                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                seen.set(asked.get());
                                inside.decrementAndGet();
                            });
            var all = new CompletableFuture<?>[askers];
            for (int i = 0; i < askers; i++)
                all[i] =
                        CompletableFuture.runAsync(
                                () -> {
                                    for (int n = 0; n < questions; n++) {
                                        asked.incrementAndGet();
                                        serial.ask();
                                    }
                                });
            CompletableFuture.allOf(all).join();
        }
        assertEquals(1, most.get());
        assertEquals(askers * questions, seen.get());
    }

    @Test
    void askingAStoppedTransportDoesNoHarm() {
        var pumps = Executors.newVirtualThreadPerTaskExecutor();
        pumps.close();
        new Serial(pumps, () -> runs++).ask();
        assertEquals(0, runs);
    }
}
