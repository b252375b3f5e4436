package podium.kernel.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.testkit.FixedMemory;

class EpollFileTest {

    private static final int IN = Pollable.IN;
    private static final int OUT = Pollable.OUT;

    private final GuestMemory memory = new GuestMemory(new FixedMemory(1));
    private final EpollFile epoll = new EpollFile();
    private final EventFile event = new EventFile(0, 0);

    /// What is ready, as `data=events`.
    private List<String> take() {
        var ready = new ArrayList<String>();
        int count = epoll.take(memory, 0, 16);
        for (int i = 0; i < count; i++)
            ready.add(memory.getLong(16 * i + 8) + "=" + memory.getInt(16 * i));
        return ready;
    }

    private static ByteBuffer number(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
    }

    private static void assertErrno(Errno errno, Runnable action) {
        assertSame(errno, assertThrows(ErrnoException.class, action::run).errno());
    }

    @Test
    void levels() {
        epoll.add(3, event, IN, 5);
        assertEquals(List.of(), take());
        assertEquals(0, epoll.readiness());
        event.write(number(1));
        assertEquals(IN, epoll.readiness());
        assertEquals(List.of("5=1"), take());
        assertEquals(List.of("5=1"), take());
        event.read(ByteBuffer.allocate(8));
        assertEquals(0, epoll.readiness());
        assertEquals(List.of(), take());
    }

    @Test
    void edges() {
        epoll.add(3, event, IN | EpollFile.EPOLLET, 5);
        event.write(number(1));
        assertEquals(List.of("5=1"), take());
        assertEquals(List.of(), take());
        event.write(number(1));
        assertEquals(List.of("5=1"), take());
    }

    @Test
    void oneShot() {
        epoll.add(3, event, IN | EpollFile.EPOLLONESHOT, 5);
        event.write(number(1));
        assertEquals(List.of("5=1"), take());
        event.write(number(1));
        assertEquals(List.of(), take());
        epoll.modify(3, event, IN | EpollFile.EPOLLONESHOT, 6);
        assertEquals(List.of("6=1"), take());
    }

    @Test
    void aRegistrationBelongsToDescriptorAndFile() {
        epoll.add(3, event, IN, 1);
        assertErrno(Errno.EEXIST, () -> epoll.add(3, event, IN, 2));
        epoll.add(4, event, OUT, 2);
        assertEquals(List.of("2=4"), take());
        epoll.remove(4, event);
        assertErrno(Errno.ENOENT, () -> epoll.remove(4, event));
        assertErrno(Errno.ENOENT, () -> epoll.modify(4, event, IN, 0));
        assertEquals(List.of(), take());
    }

    @Test
    void closedFilesAreForgotten() {
        var pipe = new Pipe(0);
        epoll.add(3, pipe.reader, IN, 1);
        pipe.writer.release();
        assertEquals(List.of("1=16"), take());
        pipe.reader.release();
        assertEquals(List.of(), take());
        epoll.add(3, event, OUT, 2);
        assertEquals(List.of("2=4"), take());
    }

    @Test
    void theReadyOnesTakeTurns() {
        var events = new EventFile[4];
        for (int i = 0; i < events.length; i++) {
            events[i] = new EventFile(1, 0);
            epoll.add(i, events[i], IN, i);
        }
        var seen = new ArrayList<Long>();
        for (int i = 0; i < 4; i++) {
            assertEquals(1, epoll.take(memory, 0, 1));
            seen.add(memory.getLong(8));
        }
        assertEquals(List.of(0L, 1L, 2L, 3L), seen);
    }

    @Test
    void instancesWatchInstancesButNotInACircle() {
        var outer = new EpollFile();
        outer.add(9, epoll, IN, 1);
        assertErrno(Errno.ELOOP, () -> epoll.add(8, outer, IN, 1));
        assertErrno(Errno.EINVAL, () -> epoll.add(8, epoll, IN, 1));
        epoll.add(3, event, IN, 5);
        assertEquals(0, outer.readiness());
        event.write(number(1));
        assertEquals(IN, outer.readiness());
    }

    @Test
    void badAddresses() {
        event.write(number(1));
        epoll.add(3, event, IN, 5);
        assertErrno(Errno.EFAULT, () -> epoll.take(memory, 65_530, 8));
        assertErrno(Errno.EINVAL, () -> epoll.take(memory, 0, 0));
        assertEquals(List.of("5=1"), take());
    }

    /// Whoever waits is told of every rise, however the threads meet.
    @Test
    void noWakeupIsLost() throws InterruptedException {
        var woken = new AtomicInteger();
        var waiter = Thread.currentThread();
        epoll.watch(_ -> java.util.concurrent.locks.LockSupport.unpark(waiter));
        epoll.add(3, event, IN | EpollFile.EPOLLET, 5);
        int rounds = 20_000;
        var ping =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < rounds; i++) {
                                        event.write(number(1));
                                        while (woken.get() <= i) Thread.onSpinWait();
                                    }
                                });
        long deadline = System.nanoTime() + 20_000_000_000L;
        for (int i = 0; i < rounds; i++) {
            while (epoll.take(memory, 0, 1) == 0) {
                if (System.nanoTime() > deadline) throw new AssertionError("lost in round " + i);
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000);
            }
            event.read(ByteBuffer.allocate(8));
            woken.incrementAndGet();
        }
        ping.join();
    }
}
