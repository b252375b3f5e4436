package podium.kernel.object;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.WaitQueue;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// A pipe(7): a ring of 64 KiB with a reading and a writing end. Writes of up to PIPE_BUF bytes are
/// atomic.
///
/// Thread-safe; its lock guards the ring and which ends are open.
final class Pipe {

    static final int CAPACITY = 65_536;

    /// PIPE_BUF.
    private static final int ATOMIC = 4096;

    private static final int FIONREAD = 0x541b;
    private static final byte[] EMPTY = {};

    private static final AtomicLong INODES = new AtomicLong(1);

    private final Attributes attributes =
            Attributes.of(INODES.getAndIncrement(), Mode.FIFO | 0600, 0, 0, Clock.realtime());
    private final WaitQueue readers = new WaitQueue();
    private final WaitQueue writers = new WaitQueue();

    /// Made at the first write.
    private byte[] ring = EMPTY;

    private int start;
    private int count;
    private boolean readerClosed;
    private boolean writerClosed;

    final OpenFile reader;
    final OpenFile writer;

    Pipe(int flags) {
        int status = flags & (OpenFile.O_NONBLOCK | OpenFile.O_DIRECT);
        reader = new Reader(status | OpenFile.O_RDONLY);
        writer = new Writer(status | OpenFile.O_WRONLY);
    }

    private int take(ByteBuffer into) {
        if (!into.hasRemaining()) return 0;
        int taken;
        synchronized (this) {
            if (count == 0) return writerClosed ? 0 : Errno.EAGAIN.negated();
            taken = Math.min(into.remaining(), count);
            int first = Math.min(taken, CAPACITY - start);
            into.put(ring, start, first).put(ring, 0, taken - first);
            start = (start + taken) & (CAPACITY - 1);
            count -= taken;
            if (CAPACITY - count < ATOMIC) return taken; // still not writable
        }
        writers.wake(OpenFile.OUT);
        return taken;
    }

    private int give(ByteBuffer from) {
        if (!from.hasRemaining()) return 0;
        int given;
        synchronized (this) {
            if (readerClosed) return Errno.EPIPE.negated();
            int room = CAPACITY - count;
            int wanted = from.remaining();
            if (room == 0 || (wanted <= ATOMIC && room < wanted)) return Errno.EAGAIN.negated();
            if (ring.length == 0) ring = new byte[CAPACITY];
            given = Math.min(wanted, room);
            int at = (start + count) & (CAPACITY - 1);
            int first = Math.min(given, CAPACITY - at);
            from.get(ring, at, first).get(ring, 0, given - first);
            count += given;
        }
        readers.wake(OpenFile.IN);
        return given;
    }

    private synchronized int available() {
        return count;
    }

    private abstract class End extends OpenFile {

        End(int flags) {
            super(flags);
        }

        @Override
        public Attributes attributes() {
            return attributes;
        }

        @Override
        public int ioctl(podium.syscall.Task task, int request, int argument) {
            if (request != FIONREAD) return super.ioctl(task, request, argument);
            task.memory().putInt(argument, available());
            return 0;
        }

        @Override
        public int pipeCapacity() {
            return CAPACITY;
        }

        @Override
        public String description() {
            return "pipe:[" + attributes.inode() + "]";
        }
    }

    private final class Reader extends End {

        Reader(int flags) {
            super(flags);
        }

        @Override
        public int read(ByteBuffer into) {
            return take(into);
        }

        @Override
        public int write(ByteBuffer from) {
            return Errno.EBADF.negated();
        }

        @Override
        protected void closed() {
            synchronized (Pipe.this) {
                readerClosed = true;
                ring = EMPTY;
                count = 0;
            }
            writers.wake(ERR | OUT);
        }

        @Override
        public int readiness() {
            synchronized (Pipe.this) {
                return (count > 0 ? IN : 0) | (writerClosed ? HUP : 0);
            }
        }

        @Override
        public void watch(Watcher watcher) {
            readers.add(watcher);
        }

        @Override
        public void unwatch(Watcher watcher) {
            readers.remove(watcher);
        }
    }

    private final class Writer extends End {

        Writer(int flags) {
            super(flags);
        }

        @Override
        public int read(ByteBuffer into) {
            return Errno.EBADF.negated();
        }

        @Override
        public int write(ByteBuffer from) {
            return give(from);
        }

        @Override
        protected void closed() {
            synchronized (Pipe.this) {
                writerClosed = true;
            }
            readers.wake(IN | HUP);
        }

        @Override
        public int readiness() {
            synchronized (Pipe.this) {
                if (readerClosed) return OUT | ERR;
                return CAPACITY - count >= ATOMIC ? OUT : 0;
            }
        }

        @Override
        public void watch(Watcher watcher) {
            writers.add(watcher);
        }

        @Override
        public void unwatch(Watcher watcher) {
            writers.remove(watcher);
        }
    }
}
