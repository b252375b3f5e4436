package podium.portal.http;

import java.nio.ByteBuffer;
import org.apache.mina.core.buffer.IoBuffer;
import org.jspecify.annotations.Nullable;
import podium.portal.mina.Client;

/// What goes to the client: small pieces are put together, so that a short answer is one packet;
/// large ones go as they are. Used by one thread at a time.
final class Outbox {

    private static final int SMALL = 4 << 10;
    private static final int BATCH = 16 << 10;

    private final Client client;
    private @Nullable IoBuffer batch;

    Outbox(Client client) {
        this.client = client;
    }

    void add(byte[] bytes) {
        add(ByteBuffer.wrap(bytes));
    }

    /// Takes all of a buffer's bytes, which nobody changes any more.
    void add(ByteBuffer bytes) {
        if (bytes.remaining() > SMALL) {
            flush();
            client.write(IoBuffer.wrap(bytes));
            return;
        }
        var open = batch;
        if (open != null && open.remaining() < bytes.remaining()) flush();
        if (batch == null) batch = IoBuffer.allocate(BATCH);
        batch.put(bytes);
    }

    /// Sends what was put together.
    void flush() {
        var full = batch;
        batch = null;
        if (full != null) client.write(full.flip());
    }
}
