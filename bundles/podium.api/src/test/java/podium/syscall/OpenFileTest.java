package podium.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import podium.vfs.Attributes;

class OpenFileTest {

    private static final class Counting extends OpenFile {

        final AtomicInteger closed = new AtomicInteger();

        Counting(int flags) {
            super(flags);
        }

        @Override
        protected void closed() {
            closed.incrementAndGet();
        }

        @Override
        public Attributes attributes() {
            return Attributes.of(1, 0, 0, 0, 0);
        }

        @Override
        public String description() {
            return "counting";
        }
    }

    @Test
    void theLastReleaseCloses() {
        var file = new Counting(OpenFile.O_RDWR);
        assertTrue(file.retain());
        file.release();
        assertEquals(0, file.closed.get());
        file.release();
        assertEquals(1, file.closed.get());
        assertFalse(file.retain());
        assertThrows(IllegalStateException.class, file::release);
    }

    @Test
    void fcntlChangesStatusFlagsAlone() {
        var file = new Counting(OpenFile.O_WRONLY | OpenFile.O_CREAT | OpenFile.O_CLOEXEC);
        assertEquals(OpenFile.O_WRONLY, file.flags());
        file.setFlags(OpenFile.O_RDWR | OpenFile.O_APPEND | OpenFile.O_NONBLOCK);
        assertEquals(OpenFile.O_WRONLY | OpenFile.O_APPEND | OpenFile.O_NONBLOCK, file.flags());
        assertTrue(file.nonBlocking());
        assertTrue(file.writable());
        assertFalse(file.readable());
    }

    @Test
    void threadsThatRetainAndReleaseCloseExactlyOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            var file = new Counting(OpenFile.O_RDONLY);
            try (var threads = Executors.newFixedThreadPool(4)) {
                for (int t = 0; t < 4; t++)
                    threads.submit(
                            () -> {
                                for (int i = 0; i < 1_000; i++) if (file.retain()) file.release();
                            });
                threads.submit(file::release);
            }
            assertEquals(1, file.closed.get());
        }
    }
}
