package podium.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/// The standard input of an attached program. Its client is asked for a portion only when the
/// program reads, so that it takes no more of its own input than the program wants, and what else
/// it has to say is not held up.
final class AttachedInput extends InputStream {

    /// Asks the client for a portion.
    interface Asking {
        void ask() throws IOException;
    }

    private final Asking client;
    private byte[] portion = {};
    private int at;
    private boolean asked;
    private boolean ended;

    AttachedInput(Asking client) {
        this.client = client;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) return 0;
        // Not with the lock held: a client that does not read us must still be heard.
        if (isToBeAsked()) client.ask();
        return take(into, from, length);
    }

    private synchronized boolean isToBeAsked() {
        if (at < portion.length || ended || asked) return false;
        asked = true;
        return true;
    }

    private synchronized int take(byte[] into, int from, int length) throws IOException {
        try {
            while (at == portion.length && !ended) wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        if (at == portion.length) return -1;
        int count = Math.min(length, portion.length - at);
        System.arraycopy(portion, at, into, from, count);
        at += count;
        return count;
    }

    /// What the client sends when it is asked.
    ///
    /// @param bytes empty at the end
    synchronized void receive(byte[] bytes) {
        ended |= bytes.length == 0;
        portion = bytes;
        at = 0;
        asked = false;
        notifyAll();
    }

    /// No more is to be expected.
    @Override
    public synchronized void close() {
        ended = true;
        notifyAll();
    }
}
