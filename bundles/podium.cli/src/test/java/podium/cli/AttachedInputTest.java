package podium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttachedInputTest {

    private final AtomicInteger asked = new AtomicInteger();
    private final AttachedInput input = new AttachedInput(asked::incrementAndGet);

    private CompletableFuture<String> read(int length) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new String(input.readNBytes(length), UTF_8);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
    }

    private void awaitAsked(int times) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (asked.get() < times && System.nanoTime() < end) Thread.sleep(1);
        assertEquals(times, asked.get());
    }

    @Test
    void nothingIsAskedForThatNobodyReads() throws Exception {
        assertEquals(0, asked.get());
        var read = read(2);
        awaitAsked(1);
        input.receive("abc".getBytes(UTF_8));
        assertEquals("ab", read.get(20, TimeUnit.SECONDS));
        assertEquals("c", read(1).get(20, TimeUnit.SECONDS));
        assertEquals(1, asked.get());
    }

    @Test
    void anEmptyPortionIsTheEnd() throws Exception {
        var read = read(100);
        awaitAsked(1);
        input.receive("x".getBytes(UTF_8));
        awaitAsked(2);
        input.receive(new byte[0]);
        assertEquals("x", read.get(20, TimeUnit.SECONDS));
        assertEquals(-1, input.read());
        assertEquals(2, asked.get());
    }

    @Test
    void closingEndsARead() throws Exception {
        var read = read(1);
        awaitAsked(1);
        assertTrue(!read.isDone());
        input.close();
        assertEquals("", read.get(20, TimeUnit.SECONDS));
    }
}
