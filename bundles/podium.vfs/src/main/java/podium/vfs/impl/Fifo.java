package podium.vfs.impl;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.KernelObjects;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.WaitQueue;
import podium.vfs.Attributes;

/// A FIFO in use (fifo(7)): the pipe that its name stands for while it is open.
///
/// Opening does not wait for the other side: the first transfer does. A pipe end that nobody has
/// opened yet is kept in reserve; one whose last user is gone is given up, and the next to open
/// that side begins a new pipe, which those on the other side go over to.
final class Fifo {

    private final WaitQueue changes = new WaitQueue();
    private @Nullable OpenFile reader;
    private @Nullable OpenFile writer;

    /// What writers that are gone have left behind for readers that are not, oldest first.
    private final ArrayDeque<OpenFile> left = new ArrayDeque<>();

    private int readers;
    private int writers;

    /// Whether the side was ever opened since the other one was.
    private boolean read;

    private boolean written;

    /// @throws podium.syscall.ErrnoException `ENXIO`: nobody reads, and O_NONBLOCK was asked for
    OpenFile open(KernelObjects kernel, int flags) {
        int mode = flags & OpenFile.O_ACCMODE;
        boolean reads = mode != OpenFile.O_WRONLY;
        boolean writes = mode != OpenFile.O_RDONLY;
        synchronized (this) {
            if (!reads && readers == 0 && (flags & OpenFile.O_NONBLOCK) != 0)
                throw Errno.ENXIO.exception();
            if (reader == null || writer == null) renew(kernel);
            if (reads) {
                readers++;
                read = true;
            }
            if (writes) {
                writers++;
                written = true;
            }
        }
        changes.wake(Pollable.IN | Pollable.OUT);
        return new End(flags);
    }

    private void renew(KernelObjects kernel) {
        if (reader != null) left.add(reader);
        if (writer != null) writer.release();
        var pipe = kernel.pipe(0);
        reader = pipe.reader();
        writer = pipe.writer();
        // Those who wait have to learn from every pipe that comes.
        reader.watch(changes::wake);
        writer.watch(changes::wake);
        read = readers > 0;
        written = writers > 0;
    }

    private void closed(boolean reads, boolean writes) {
        OpenFile goneReader = null;
        OpenFile goneWriter = null;
        synchronized (this) {
            if (reads && --readers == 0) {
                goneReader = reader;
                reader = null;
            }
            if (writes && --writers == 0) {
                goneWriter = writer;
                writer = null;
            }
            if (readers == 0 && writers == 0) {
                if (goneReader == null) goneReader = reader;
                if (goneWriter == null) goneWriter = writer;
                reader = writer = null;
                read = written = false;
            }
            if (readers == 0) {
                left.forEach(OpenFile::release);
                left.clear();
            }
        }
        if (goneReader != null) goneReader.release();
        if (goneWriter != null) goneWriter.release();
        changes.wake(Pollable.IN | Pollable.OUT);
    }

    private synchronized boolean anyLeft() {
        return !left.isEmpty();
    }

    /// @return 0 when nothing is left
    private synchronized int readLeft(ByteBuffer into) {
        for (var old = left.peek(); old != null; old = left.peek()) {
            int count = old.read(into);
            if (count > 0) return count;
            left.remove().release();
        }
        return 0;
    }

    private synchronized @Nullable OpenFile readerOrNull() {
        return reader;
    }

    private synchronized @Nullable OpenFile writerOrNull() {
        return writer;
    }

    private synchronized boolean everWritten() {
        return written;
    }

    private synchronized boolean everRead() {
        return read;
    }

    /// One opening of it.
    private final class End extends OpenFile {

        private final boolean reads;
        private final boolean writes;

        End(int flags) {
            super(flags);
            int mode = flags & O_ACCMODE;
            reads = mode != O_WRONLY;
            writes = mode != O_RDONLY;
        }

        @Override
        protected void closed() {
            Fifo.this.closed(reads, writes);
        }

        @Override
        public int read(ByteBuffer into) {
            if (!reads) return Errno.EBADF.negated();
            int old = anyLeft() ? readLeft(into) : 0;
            var pipe = readerOrNull();
            if (old > 0 || pipe == null) return old;
            if (!everWritten()) return nonBlocking() ? 0 : Errno.EAGAIN.negated();
            return pipe.read(into);
        }

        @Override
        public int write(ByteBuffer from) {
            if (!writes) return Errno.EBADF.negated();
            var pipe = writerOrNull();
            if (pipe == null) return Errno.EPIPE.negated();
            if (!everRead()) return Errno.EAGAIN.negated();
            return pipe.write(from);
        }

        @Override
        public int readiness() {
            int ready = reads && anyLeft() ? IN : 0;
            var in = readerOrNull();
            var out = writerOrNull();
            if (reads && in != null && everWritten())
                ready |= in.readiness() & (IN | HUP | RDHUP | ERR);
            if (writes) {
                if (out == null) ready |= ERR;
                else if (everRead()) ready |= out.readiness() & (OUT | ERR);
            }
            return ready;
        }

        @Override
        public void watch(Watcher watcher) {
            changes.add(watcher);
        }

        @Override
        public void unwatch(Watcher watcher) {
            changes.remove(watcher);
        }

        @Override
        public Attributes attributes() {
            var pipe = readerOrNull();
            if (pipe == null) pipe = writerOrNull();
            if (pipe == null) throw Errno.EIO.exception();
            return pipe.attributes();
        }

        @Override
        public String description() {
            return "fifo";
        }
    }
}
