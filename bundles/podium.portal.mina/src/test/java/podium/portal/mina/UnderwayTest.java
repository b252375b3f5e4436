package podium.portal.mina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UnderwayTest {

    private final Underway underway = new Underway();

    @Test
    void nothingUnderWayIsNotWaitedFor() {
        assertTrue(underway.awaitEnd(Duration.ofDays(1)));
    }

    @Test
    void waitsForTheLast() throws Exception {
        assertEquals(1, underway.begins());
        assertEquals(2, underway.begins());
        var ended = CompletableFuture.supplyAsync(() -> underway.awaitEnd(Duration.ofDays(1)));
        underway.ends();
        Thread.sleep(50);
        assertFalse(ended.isDone());
        underway.ends();
        assertTrue(ended.get());
    }

    @Test
    void waitsNoLongerThanTheGrace() {
        underway.begins();
        assertFalse(underway.awaitEnd(Duration.ofMillis(20)));
        assertEquals(1, underway.count());
    }

    @Test
    void anInterruptEndsTheWait() {
        underway.begins();
        Thread.currentThread().interrupt();
        assertFalse(underway.awaitEnd(Duration.ofDays(1)));
        assertTrue(Thread.interrupted());
    }
}
