package podium.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.WaitQueue;

/// Makes an input stream pollable: a virtual thread reads it, one portion ahead, and only after the
/// guest has asked for the first. It is one thread from then to the end: a `PipedInputStream` takes
/// its reader's end for its own.
///
/// Thread-safe.
final class InputPump {

    private static final int PORTION = 65_536;

    /// How long a stream that has something takes to give it, at most, in nanoseconds.
    private static final long TAKING = 200_000_000;

    private final InputStream stream;
    private final WaitQueue watchers = new WaitQueue();
    private final byte[] buffer;
    private int from;
    private int to;
    private boolean ended;
    private boolean failed;
    private boolean closed;

    /// Whether a portion was asked for, and is not there yet.
    private boolean wanted;

    private @Nullable Thread reader;

    /// @param first what is read before the stream
    InputPump(InputStream stream, byte[] first) {
        this.stream = stream;
        buffer = Arrays.copyOf(first, Math.max(first.length, PORTION));
        to = first.length;
    }

    /// What was taken from the stream and not read. What is being taken is waited for, unless the
    /// stream has nothing: then it may come later, and is lost to whoever takes the stream over.
    synchronized byte[] unread() {
        long end = System.nanoTime() + TAKING;
        for (long left = TAKING; wanted && left > 0; left = end - System.nanoTime())
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                // Nobody interrupts guest threads on purpose; the read is waited for.
                Failure.LOG.debug("interrupted", e);
            }
        return Arrays.copyOfRange(buffer, from, to);
    }

    WaitQueue watchers() {
        return watchers;
    }

    /// read(2).
    synchronized int read(ByteBuffer into) {
        if (!into.hasRemaining()) return 0;
        if (from == to) {
            if (failed) return Errno.EIO.negated();
            if (ended) return 0;
            ask();
            return Errno.EAGAIN.negated();
        }
        int count = Math.min(into.remaining(), to - from);
        into.put(buffer, from, count);
        from += count;
        return count;
    }

    synchronized int readiness() {
        if (from < to || ended || failed) return Pollable.IN;
        ask();
        return 0;
    }

    private void ask() {
        if (wanted || closed) return;
        wanted = true;
        if (reader != null) notifyAll();
        else reader = Thread.ofVirtual().name("podium-input").start(this::pump);
    }

    private void pump() {
        while (awaitWish()) {
            int count;
            boolean broken = false;
            try {
                count = stream.read(buffer, 0, PORTION);
            } catch (IOException e) {
                count = -1;
                broken = true;
            }
            synchronized (this) {
                wanted = false;
                from = 0;
                to = Math.max(count, 0);
                ended = count < 0;
                failed = broken && !closed;
                notifyAll();
            }
            watchers.wake(Pollable.IN);
        }
    }

    /// @return false when nothing will be asked for any more
    private synchronized boolean awaitWish() {
        while (!wanted && !closed && !ended)
            try {
                wait();
            } catch (InterruptedException e) {
                // By close().
                Failure.LOG.trace("interrupted", e);
            }
        return !closed && !ended;
    }

    /// Nobody reads any more.
    synchronized void close() {
        closed = true;
        // Frees the thread where the stream can be interrupted, as a pipe can; a console cannot,
        // and the thread stays until the next line.
        if (reader != null) reader.interrupt();
    }
}
