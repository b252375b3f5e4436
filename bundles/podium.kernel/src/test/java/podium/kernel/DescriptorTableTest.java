package podium.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Grant;
import podium.syscall.OpenFile;
import podium.vfs.Attributes;

class DescriptorTableTest {

    private static final int LIMIT = 64;

    private final DescriptorTable table = new DescriptorTable(LIMIT);
    private final AtomicInteger open = new AtomicInteger();

    @Test
    void whatADescriptorAllowsStaysWithItUntilItIsClosed() {
        int fd = table.add(new Counted(), false);
        var grant = new Grant(5, 7, "/");
        assertNull(table.grant(fd));
        table.setGrant(fd, grant);
        assertSame(grant, table.grant(fd));
        assertSame(grant, table.copy().grant(fd));
        table.set(fd, new Counted(), false);
        assertNull(table.grant(fd));
        table.setGrant(fd, grant);
        table.close(fd);
        assertNull(table.grant(fd));
        assertThrows(ErrnoException.class, () -> table.setGrant(fd, grant));
        assertNull(table.grant(-1));
        assertNull(table.grant(1000));
    }

    @Test
    void movingClosesWhatWasThereAndTakesEverythingAlong() {
        var moved = new Counted();
        var there = new Counted();
        int from = table.add(moved, true);
        int to = table.add(there, false);
        var grant = new Grant(1, 0, null);
        table.setGrant(from, grant);
        table.move(from, to);
        assertSame(moved, table.get(to));
        assertSame(grant, table.grant(to));
        assertTrue(table.closeOnExec(to));
        assertTrue(there.closed);
        assertFalse(moved.closed);
        assertThrows(ErrnoException.class, () -> table.get(from));
        assertThrows(ErrnoException.class, () -> table.move(from, to));
        assertThrows(ErrnoException.class, () -> table.move(to, from));
        table.move(to, to);
        assertSame(moved, table.get(to));
        assertEquals(from, table.add(new Counted(), false));
    }

    private final class Counted extends OpenFile {

        private volatile boolean closed;

        Counted() {
            super(O_RDWR);
            open.incrementAndGet();
        }

        @Override
        protected void closed() {
            if (closed) throw new IllegalStateException("closed twice");
            closed = true;
            open.decrementAndGet();
        }

        @Override
        public Attributes attributes() {
            return Attributes.of(1, 0, 0, 0, 0);
        }

        @Override
        public String description() {
            return "counted";
        }
    }

    private static void assertErrno(Errno errno, Runnable action) {
        assertSame(errno, assertThrows(ErrnoException.class, action::run).errno());
    }

    @Test
    void theLowestNumberIsTaken() {
        for (int i = 0; i < 20; i++) assertEquals(i, table.add(new Counted(), false));
        table.close(7);
        table.close(3);
        assertEquals(3, table.add(new Counted(), false));
        assertEquals(10 + 10, table.add(new Counted(), 10, false));
        assertEquals(7, table.add(new Counted(), false));
        assertEquals(21, table.add(new Counted(), false));
    }

    @Test
    void wrongNumbers() {
        for (int fd : new int[] {-1, 0, 5, LIMIT, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertErrno(Errno.EBADF, () -> table.get(fd));
            assertErrno(Errno.EBADF, () -> table.close(fd));
            assertErrno(Errno.EBADF, () -> table.retain(fd));
        }
        assertErrno(Errno.EBADF, () -> table.set(LIMIT, new Counted(), false));
        assertErrno(Errno.EINVAL, () -> table.add(new Counted(), LIMIT, false));
        assertEquals(0, open.get());
    }

    @Test
    void theLimit() {
        for (int i = 0; i < LIMIT; i++) table.add(new Counted(), false);
        assertErrno(Errno.EMFILE, () -> table.add(new Counted(), false));
        assertEquals(LIMIT, open.get());
        table.closeAll();
        assertEquals(0, open.get());
        assertErrno(Errno.EMFILE, () -> table.add(new Counted(), false));
    }

    @Test
    void setClosesWhatWasThere() {
        var first = new Counted();
        table.add(first, false);
        table.set(0, new Counted(), true);
        assertTrue(first.closed);
        assertTrue(table.closeOnExec(0));
        table.set(40, new Counted(), false);
        assertArrayEquals(new int[] {0, 40}, table.open());
    }

    @Test
    void copiesShareFiles() {
        var file = new Counted();
        table.add(file, true);
        var copy = table.copy();
        table.closeAll();
        assertFalse(file.closed);
        assertSame(file, copy.get(0));
        copy.closeForExec();
        assertTrue(file.closed);
    }

    /// Opens, duplicates, replaces and closes from several threads: what is looked up is never
    /// closed while held, and in the end nothing is left open.
    @Test
    void hammer() throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++)
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            for (int n = 0; n < 100_000; n++) step();
                                        } catch (Throwable e) {
                                            failure.set(e);
                                        }
                                    }));
        for (var thread : threads) thread.join();
        assertNull(failure.get());
        assertEquals(table.open().length, open.get());
        table.closeAll();
        assertEquals(0, open.get());
    }

    private void step() {
        int fd = ThreadLocalRandom.current().nextInt(12);
        try {
            switch (ThreadLocalRandom.current().nextInt(5)) {
                case 0 -> table.add(new Counted(), false);
                case 1 -> table.close(fd);
                case 2 -> table.set(fd, new Counted(), true);
                default -> {
                    var file = (Counted) table.retain(fd);
                    if (file.closed) throw new IllegalStateException("closed while in use");
                    file.release();
                }
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EBADF && e.errno() != Errno.EMFILE) throw e;
        }
    }
}
