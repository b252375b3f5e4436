package podium.kernel.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.Pollable;

class PipeTest {

    private static final int AGAIN = Errno.EAGAIN.negated();

    private final Pipe pipe = new Pipe(0);

    @Test
    void emptyAndFull() {
        assertEquals(AGAIN, pipe.reader.read(ByteBuffer.allocate(1)));
        assertEquals(0, pipe.reader.readiness());
        assertEquals(Pollable.OUT, pipe.writer.readiness());
        assertEquals(Pipe.CAPACITY, pipe.writer.write(ByteBuffer.allocate(100_000)));
        assertEquals(AGAIN, pipe.writer.write(ByteBuffer.allocate(1)));
        assertEquals(0, pipe.writer.readiness());
        assertEquals(Pollable.IN, pipe.reader.readiness());
    }

    @Test
    void smallWritesAreAtomic() {
        pipe.writer.write(ByteBuffer.allocate(Pipe.CAPACITY - 100));
        assertEquals(AGAIN, pipe.writer.write(ByteBuffer.allocate(101)));
        assertEquals(100, pipe.writer.write(ByteBuffer.allocate(5000)));
    }

    @Test
    void theReaderSeesTheEndAfterWhatIsLeft() {
        pipe.writer.write(ByteBuffer.wrap(new byte[] {1, 2}));
        pipe.writer.release();
        assertEquals(Pollable.IN | Pollable.HUP, pipe.reader.readiness());
        assertEquals(2, pipe.reader.read(ByteBuffer.allocate(9)));
        assertEquals(0, pipe.reader.read(ByteBuffer.allocate(9)));
        assertEquals(Pollable.HUP, pipe.reader.readiness());
    }

    @Test
    void theWriterSeesThatNobodyReads() {
        pipe.writer.write(ByteBuffer.wrap(new byte[] {1, 2}));
        pipe.reader.release();
        assertEquals(Errno.EPIPE.negated(), pipe.writer.write(ByteBuffer.allocate(1)));
        assertEquals(Pollable.OUT | Pollable.ERR, pipe.writer.readiness());
    }

    @Test
    void theWrongEnd() {
        assertEquals(Errno.EBADF.negated(), pipe.reader.write(ByteBuffer.allocate(1)));
        assertEquals(Errno.EBADF.negated(), pipe.writer.read(ByteBuffer.allocate(1)));
        assertEquals(Errno.ESPIPE.negated(), pipe.reader.seek(0, 0));
    }

    /// All bytes arrive, in order, in whatever portions.
    @Test
    void aMegabyteThrough() throws InterruptedException {
        var sent = new byte[1 << 20];
        new Random(5).nextBytes(sent);
        var writer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    var from = ByteBuffer.wrap(sent);
                                    var random = new Random(7);
                                    while (from.hasRemaining()) {
                                        int most = 1 + random.nextInt(20_000);
                                        var part = from.slice();
                                        part.limit(Math.min(most, part.remaining()));
                                        int count = pipe.writer.write(part);
                                        if (count < 0) LockSupport.parkNanos(1000);
                                        else from.position(from.position() + count);
                                    }
                                    pipe.writer.release();
                                });
        var got = ByteBuffer.allocate(sent.length);
        var random = new Random(9);
        while (true) {
            var part = got.slice();
            part.limit(Math.min(1 + random.nextInt(9000), part.remaining()));
            int count = pipe.reader.read(part);
            if (count == 0 && !got.hasRemaining()) break;
            if (count <= 0) LockSupport.parkNanos(1000);
            else got.position(got.position() + count);
        }
        writer.join();
        assertArrayEquals(sent, got.array());
    }
}
