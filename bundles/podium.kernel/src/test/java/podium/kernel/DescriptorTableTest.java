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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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
        var file = new Counted();
        var grant = new Grant(5, 7, "/");
        int fd = table.add(file, 0, false, grant);
        assertSame(grant, table.grant(fd, file));
        assertSame(grant, table.copy().grant(fd, file));
        var other = new Counted();
        table.set(fd, other, false);
        assertNull(table.grant(fd, other));
        assertErrno(Errno.EBADF, () -> table.grant(fd, file));
        assertErrno(Errno.EBADF, () -> table.changeGrant(fd, file, null, grant));
        assertTrue(table.changeGrant(fd, other, null, grant));
        table.close(fd);
        for (int none : new int[] {fd, -1, 1000}) {
            assertErrno(Errno.EBADF, () -> table.grant(none, other));
            assertErrno(Errno.EBADF, () -> table.changeGrant(none, other, null, grant));
        }
        table.add(other, 0, false, null);
        assertNull(table.grant(fd, other));
    }

    @Test
    void ofTwoThatGiveUpRightsAtOnceOneAsksAgain() {
        var file = new Counted();
        int fd = table.add(file, false);
        var one = new Grant(1, 0, null);
        assertTrue(table.changeGrant(fd, file, null, one));
        assertFalse(table.changeGrant(fd, file, null, new Grant(2, 0, null)));
        assertSame(one, table.grant(fd, file));
    }

    /// Puts files with a grant each at the same descriptors, moves and closes them, while others
    /// look: no file is seen with what another one's descriptor allows.
    @Test
    void noFileIsSeenWithAnothersGrant() throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var ended = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 2; i++)
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            while (!ended.get()) lookAtGrants();
                                        } catch (Throwable e) {
                                            failure.set(e);
                                        }
                                    }));
        var granted = new Granted(true);
        var free = new Granted(false);
        for (int i = 0; i < 300_000 && failure.get() == null; i++) {
            granted.retain();
            free.retain();
            int one = table.add(granted, 0, false, granted.grant);
            int two = table.add(free, 0, false, null);
            if (i % 2 == 0) table.move(one, two);
            else table.move(two, one);
            table.close(i % 2 == 0 ? two : one);
        }
        ended.set(true);
        for (var thread : threads) thread.join();
        assertNull(failure.get());
    }

    private void lookAtGrants() {
        for (int fd = 0; fd < 2; fd++)
            try {
                var file = (Granted) table.get(fd);
                assertSame(file.grant, table.grant(fd, file));
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EBADF) throw e;
            }
    }

    private final class Granted extends Counted {

        private final @Nullable Grant grant;

        Granted(boolean restricted) {
            grant = restricted ? new Grant(1, 1, null) : null;
        }
    }

    @Test
    void movingClosesWhatWasThereAndTakesEverythingAlong() {
        var moved = new Counted();
        var there = new Counted();
        var grant = new Grant(1, 0, null);
        int from = table.add(moved, 0, true, grant);
        int to = table.add(there, false);
        table.move(from, to);
        assertSame(moved, table.get(to));
        assertSame(grant, table.grant(to, moved));
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

    private class Counted extends OpenFile {

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
