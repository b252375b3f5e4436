package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.KernelObjects;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.WaitQueue;
import podium.vfs.Attributes;
import podium.vfs.FsContext;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

class FifoTest {

    private static final int READ = OpenFile.O_RDONLY;
    private static final int WRITE = OpenFile.O_WRONLY;

    private MountNamespace namespace;
    private FsContext context;

    @BeforeEach
    void make() throws MountException {
        var vfs = new VfsService(List.of(new MemoryFileSystemType()), new Pipes());
        namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        context = vfs.context(namespace, Credentials.ROOT);
        namespace.makeNode(context, null, "/p", Mode.FIFO | 0644, 0);
    }

    private OpenFile open(int flags) {
        return namespace.open(context, null, "/p", flags, 0);
    }

    private static int write(OpenFile file, String text) {
        return file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// What can be read: text, `end`, or `wait`.
    private static String read(OpenFile file) {
        var buffer = ByteBuffer.allocate(100);
        int count = file.read(buffer);
        if (count == Errno.EAGAIN.negated()) return "wait";
        return count == 0 ? "end" : new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsReadWhateverCameFirst() {
        var reader = open(READ);
        assertEquals("wait", read(reader));
        assertEquals(0, reader.readiness());
        var woken = new boolean[1];
        reader.watch(_ -> woken[0] = true);
        var writer = open(WRITE);
        assertEquals(3, write(writer, "abc"));
        assertTrue(woken[0]);
        assertEquals(Pollable.IN, reader.readiness());
        assertEquals("abc", read(reader));
        assertEquals("wait", read(reader));
        writer.release();
        assertEquals("end", read(reader));
        reader.release();
    }

    @Test
    void aWriterWaitsForAReader() {
        var writer = open(WRITE);
        assertEquals(Errno.EAGAIN.negated(), write(writer, "x"));
        assertEquals(0, writer.readiness());
        var reader = open(READ);
        assertEquals(1, write(writer, "x"));
        reader.release();
        assertEquals(Errno.EPIPE.negated(), write(writer, "x"));
        assertEquals(Pollable.ERR | Pollable.OUT, writer.readiness());
        var again = open(READ);
        assertEquals(1, write(writer, "y"));
        assertEquals("y", read(again));
        again.release();
        writer.release();
    }

    @Test
    void aWriterThatGoesLeavesWhatItWrote() {
        var reader = open(READ);
        for (int i = 0; i < 3; i++) {
            var writer = open(WRITE);
            write(writer, "from " + i);
            writer.release();
        }
        var last = open(WRITE);
        for (int i = 0; i < 3; i++) assertEquals("from " + i, read(reader));
        assertEquals("wait", read(reader));
        last.release();
        assertEquals("end", read(reader));
        reader.release();
    }

    @Test
    void severalShareAnEnd() {
        var reader = open(READ);
        var one = open(WRITE);
        var two = open(WRITE);
        write(one, "1");
        one.release();
        write(two, "2");
        assertEquals("12", read(reader));
        assertEquals("wait", read(reader));
        two.release();
        assertEquals("end", read(reader));
        reader.release();
    }

    @Test
    void withoutWaitingAWriterNeedsAReader() {
        var e = assertThrows(ErrnoException.class, () -> open(WRITE | OpenFile.O_NONBLOCK));
        assertEquals(Errno.ENXIO, e.errno());
        var reader = open(READ | OpenFile.O_NONBLOCK);
        assertEquals("end", read(reader));
        open(WRITE | OpenFile.O_NONBLOCK).release();
        assertEquals("/p", reader.description());
        assertEquals(Mode.FIFO | 0644, reader.attributes().mode());
        reader.release();
    }

    /// Pipes without limit.
    private static final class Pipes implements KernelObjects {

        @Override
        public Pipe pipe(int flags) {
            var bytes = new ArrayDeque<Byte>();
            var changes = new WaitQueue();
            var closed = new boolean[2];
            return new Pipe(
                    new End(READ, bytes, changes, closed), new End(WRITE, bytes, changes, closed));
        }

        @Override
        public OpenFile eventfd(int initial, int flags) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Epoll epoll() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer timer(podium.syscall.Process process, int clock, int flags) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Pollable any(Pollable[] pollables, int[] events) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class End extends OpenFile {

        private final ArrayDeque<Byte> bytes;
        private final WaitQueue changes;
        private final boolean[] closed;
        private final int side;

        End(int flags, ArrayDeque<Byte> bytes, WaitQueue changes, boolean[] closed) {
            super(flags);
            side = flags;
            this.bytes = bytes;
            this.changes = changes;
            this.closed = closed;
        }

        @Override
        public int read(ByteBuffer into) {
            if (bytes.isEmpty()) return closed[WRITE] ? 0 : Errno.EAGAIN.negated();
            int before = into.position();
            while (into.hasRemaining() && !bytes.isEmpty()) into.put(bytes.remove());
            return into.position() - before;
        }

        @Override
        public int write(ByteBuffer from) {
            if (closed[READ]) return Errno.EPIPE.negated();
            int count = from.remaining();
            while (from.hasRemaining()) bytes.add(from.get());
            changes.wake(IN);
            return count;
        }

        @Override
        public int readiness() {
            if (side == WRITE) return closed[READ] ? OUT | ERR : OUT;
            return (bytes.isEmpty() ? 0 : IN) | (closed[WRITE] ? HUP : 0);
        }

        @Override
        public void watch(Watcher watcher) {
            changes.add(watcher);
        }

        @Override
        public Attributes attributes() {
            return Attributes.of(1, Mode.FIFO | 0600, 0, 0, 0);
        }

        @Override
        public String description() {
            return "pipe";
        }

        @Override
        protected void closed() {
            closed[side] = true;
            changes.wake(IN);
        }
    }
}
