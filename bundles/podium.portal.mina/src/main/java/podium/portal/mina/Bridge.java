package podium.portal.mina;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.apache.mina.core.buffer.IoBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.portal.Connection;
import podium.syscall.Pollable;

/// Carries bytes between a client and a guest, both ways, each with the other's pace.
public final class Bridge implements ClientHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);

    private static final int CHUNK = 16 << 10;

    /// How much one run carries before others get their turn.
    private static final int TURN = 1 << 20;

    private final Client client;
    private final Connection guest;
    private final Serial pump;
    private final Pollable.Watcher watcher;
    private final LongAdder received;
    private final LongAdder sent;
    private boolean inputEnded;
    private boolean outputEnded;
    private volatile boolean closed;

    /// @param pumps where bytes are carried, see [Network#pumps]
    /// @param received counts bytes towards the guest
    /// @param sent counts bytes from the guest
    public Bridge(
            Client client, Connection guest, Executor pumps, LongAdder received, LongAdder sent) {
        this.client = client;
        this.guest = guest;
        this.received = received;
        this.sent = sent;
        pump = new Serial(pumps, this::pump);
        watcher = _ -> pump.ask();
        guest.watch(watcher);
        pump.ask();
    }

    @Override
    public void changed() {
        pump.ask();
    }

    @Override
    public void sent() {
        pump.ask();
    }

    @Override
    public void closed() {
        closed = true;
        pump.ask();
    }

    private void pump() {
        if (closed) {
            guest.unwatch(watcher);
            guest.close();
            return;
        }
        try {
            boolean more = toGuest() | toClient();
            if (more) pump.ask();
        } catch (IOException e) {
            LOG.debug("the guest has gone", e);
            finishOrAbort();
        }
    }

    /// @return whether there is more to do at once
    private boolean toGuest() throws IOException {
        int carried = 0;
        for (var bytes = client.head(); bytes != null; bytes = client.head()) {
            int n = guest.write(bytes);
            if (n == 0) return false;
            client.taken(n);
            received.add(n);
            carried += n;
            if (carried >= TURN) return true;
        }
        if (client.ended() && !inputEnded) {
            inputEnded = true;
            guest.shutdownOutput();
            closeWhenBothEnded();
        }
        return false;
    }

    private boolean toClient() throws IOException {
        if (outputEnded) return false;
        int carried = 0;
        while (client.writable()) {
            if (carried >= TURN) return true;
            var bytes = IoBuffer.allocate(CHUNK);
            int n = guest.read(bytes.buf());
            if (n == 0) return false;
            if (n < 0) {
                outputEnded = true;
                client.shutdownOutput();
                closeWhenBothEnded();
                return false;
            }
            sent.add(n);
            carried += n;
            client.write(bytes.flip());
        }
        return false;
    }

    private void closeWhenBothEnded() {
        if (inputEnded && outputEnded) client.closeOnFlush();
    }

    /// A guest that had said all it had to say may close its end for good; what it said still
    /// reaches the client. A reset is passed on.
    private void finishOrAbort() {
        if (outputEnded) client.closeOnFlush();
        else client.abort();
    }
}
