package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NameLockTest {

    private final NameLock lock = new NameLock();

    /// Not volatile: the lock makes it whole.
    private long counted;

    @Test
    void oneAtATime() throws InterruptedException {
        int each = 100_000;
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++)
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int n = 0; n < each; n++) {
                                            lock.lock();
                                            counted++;
                                            lock.unlock();
                                        }
                                    }));
        for (var thread : threads) thread.join();
        assertEquals(4L * each, counted);
    }

    private static void awaitWaiting(Thread other) throws InterruptedException {
        while (other.getState() != Thread.State.TIMED_WAITING) Thread.sleep(1);
    }

    @Test
    void oneWhoHasItMayTakeItAgain() throws InterruptedException {
        lock.lock();
        lock.lock();
        lock.unlock();
        var had = new AtomicBoolean();
        var other =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    lock.lock();
                                    had.set(true);
                                    lock.unlock();
                                });
        awaitWaiting(other);
        assertFalse(had.get());
        lock.unlock();
        other.join();
        assertTrue(had.get());
    }

    @Test
    void oneWhoTakesItAllTheTimeKeepsNobodyOut() throws InterruptedException {
        for (int round = 0; round < 100; round++) {
            lock.lock();
            var had = new AtomicBoolean();
            var other =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        lock.lock();
                                        had.set(true);
                                        lock.unlock();
                                    });
            awaitWaiting(other);
            int taken = 0;
            while (!had.get()) {
                lock.unlock();
                lock.lock();
                taken++;
            }
            lock.unlock();
            other.join();
            assertTrue(taken <= 33, taken + " times before the one who waits");
        }
    }
}
