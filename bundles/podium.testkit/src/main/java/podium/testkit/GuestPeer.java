package podium.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import podium.portal.Connection;
import podium.syscall.WaitQueue;

/// The guest's end of a connection, in a test's hands: it reads and writes with patience, as a
/// blocking program would. Thread-safe, one reader and one writer at a time.
public final class GuestPeer {

    /// Bytes that wait in one direction at most.
    public static final int BUFFER = 64 << 10;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final WaitQueue hostWaiters = new WaitQueue();
    private final Direction fromHost = new Direction();
    private final Direction toHost = new Direction();
    private boolean reset;
    private boolean closed;

    private static final class Direction {

        private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
        private int size;
        private boolean ended;

        int write(ByteBuffer from) {
            int n = Math.min(from.remaining(), BUFFER - size);
            if (n == 0) return 0;
            var bytes = new byte[n];
            from.get(bytes);
            queue.add(bytes);
            size += n;
            return n;
        }

        int read(ByteBuffer into) {
            int read = 0;
            while (into.hasRemaining() && !queue.isEmpty()) {
                var first = queue.poll();
                int n = Math.min(first.length, into.remaining());
                into.put(first, 0, n);
                if (n < first.length)
                    queue.addFirst(java.util.Arrays.copyOfRange(first, n, first.length));
                read += n;
            }
            size -= read;
            return read;
        }
    }

    GuestPeer() {}

    /// Reads what there is, waiting for at least a byte.
    ///
    /// @return bytes read, -1 at the end
    /// @throws IOException the host reset the connection
    public int read(ByteBuffer into) throws IOException {
        int n;
        synchronized (this) {
            while (fromHost.size == 0) {
                if (reset) throw new IOException("reset");
                if (fromHost.ended) return -1;
                pause();
            }
            n = fromHost.read(into);
        }
        hostWaiters.wake(Connection.OUT);
        return n;
    }

    /// Writes everything, waiting for room.
    ///
    /// @throws IOException the host closed the connection
    public void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            synchronized (this) {
                while (toHost.size >= BUFFER && !reset) pause();
                if (reset) throw new IOException("reset");
                toHost.write(from);
            }
            hostWaiters.wake(Connection.IN);
        }
    }

    public void write(String text) throws IOException {
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /// Reads until some text has come.
    ///
    /// @return all that came
    /// @throws IOException the end came first
    public String readUntil(String text) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            var some = ByteBuffer.allocate(8192);
            int n = read(some);
            if (n < 0) throw new IOException("ended after: " + read);
            read.append(new String(some.array(), 0, n, StandardCharsets.ISO_8859_1));
        }
        return read.toString();
    }

    /// Reads exactly some bytes.
    public String read(int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) if (read(bytes) < 0) throw new IOException("ended early");
        return new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }

    /// Reads to the end.
    public String readAll() throws IOException {
        var all = new java.io.ByteArrayOutputStream();
        var some = ByteBuffer.allocate(8192);
        for (; read(some.clear()) >= 0; ) all.write(some.array(), 0, some.position());
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /// Ends the guest's direction.
    public void shutdownOutput() {
        synchronized (this) {
            toHost.ended = true;
        }
        hostWaiters.wake(Connection.IN | Connection.RDHUP);
    }

    /// Closes both directions: the host reads what was written, and can write no more.
    public void close() {
        synchronized (this) {
            toHost.ended = true;
            closed = true;
            notifyAll();
        }
        hostWaiters.wake(Connection.IN | Connection.OUT | Connection.HUP);
    }

    /// Resets the connection.
    public void reset() {
        synchronized (this) {
            reset = true;
            notifyAll();
        }
        hostWaiters.wake(Connection.IN | Connection.OUT | Connection.ERR | Connection.HUP);
    }

    private void pause() throws InterruptedIOException {
        long start = System.nanoTime();
        try {
            TimeUnit.NANOSECONDS.timedWait(this, PATIENCE);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
        if (System.nanoTime() - start >= PATIENCE) throw new InterruptedIOException("nothing came");
    }

    /// The host's end.
    final class HostEnd implements Connection {

        private boolean hostClosed;

        @Override
        public int read(ByteBuffer into) throws IOException {
            synchronized (GuestPeer.this) {
                if (hostClosed) throw new IOException("closed");
                int n = toHost.read(into);
                if (n == 0 && reset) throw new IOException("the guest reset the connection");
                GuestPeer.this.notifyAll();
                return n == 0 && toHost.ended && into.hasRemaining() ? -1 : n;
            }
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            synchronized (GuestPeer.this) {
                if (hostClosed || reset || closed || fromHost.ended)
                    throw new IOException("the guest closed the connection");
                int n = fromHost.write(from);
                GuestPeer.this.notifyAll();
                return n;
            }
        }

        @Override
        public void shutdownOutput() {
            synchronized (GuestPeer.this) {
                fromHost.ended = true;
                GuestPeer.this.notifyAll();
            }
        }

        @Override
        public void close() {
            synchronized (GuestPeer.this) {
                hostClosed = true;
                if (!fromHost.ended) reset = true;
                fromHost.ended = true;
                // Nobody reads any more.
                if (!toHost.ended) reset = true;
                GuestPeer.this.notifyAll();
            }
        }

        @Override
        public int readiness() {
            synchronized (GuestPeer.this) {
                int ready = 0;
                if (toHost.size > 0) ready |= IN;
                if (toHost.ended) ready |= IN | RDHUP;
                if (fromHost.size < BUFFER) ready |= OUT;
                if (reset) ready |= ERR | HUP;
                if (toHost.ended && (fromHost.ended || closed)) ready |= HUP;
                return ready;
            }
        }

        @Override
        public void watch(Watcher watcher) {
            hostWaiters.add(watcher);
        }

        @Override
        public void unwatch(Watcher watcher) {
            hostWaiters.remove(watcher);
        }
    }

    Connection hostEnd() {
        return new HostEnd();
    }
}
