package podium.portal.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.mina.core.buffer.IoBuffer;
import org.jspecify.annotations.Nullable;
import podium.portal.Connection;
import podium.syscall.Pollable;

/// A connection to a guest, as long as one client's connection uses it.
final class Upstream {

    private static final int SMALL = 2 << 10;
    private static final int LARGE = 32 << 10;

    final Route route;
    private final Connection connection;
    private final HttpConnection user;
    private final Pollable.Watcher watcher;

    /// Read from the guest and not yet passed on. Never reused: slices of it are on their way.
    private ByteBuffer in = ByteBuffer.allocate(0);

    private int size = SMALL;
    private boolean ended;
    private boolean shut;

    /// Whether it has carried an exchange before.
    boolean used;

    Upstream(Route route, Connection connection, HttpConnection user) {
        this.route = route;
        this.connection = connection;
        this.user = user;
        watcher = _ -> user.changed();
        connection.watch(watcher);
        route.connected(user);
    }

    /// Bytes from the guest that wait; empty when there are none now, or at the end.
    ByteBuffer input() throws IOException {
        if (in.hasRemaining() || ended) return in;
        var fresh = IoBuffer.allocate(size).buf();
        int n = connection.read(fresh);
        if (n < 0) ended = true;
        if (n <= 0) return in;
        size = n == size ? LARGE : size;
        in = fresh.flip();
        route.sent.add(n);
        return in;
    }

    /// Whether the guest has ended its side and all of it was taken.
    boolean ended() {
        return ended && !in.hasRemaining();
    }

    int write(ByteBuffer from) throws IOException {
        int n = connection.write(from);
        route.received.add(n);
        return n;
    }

    void shutdownOutput() {
        if (shut) return;
        shut = true;
        connection.shutdownOutput();
    }

    /// Whether another request may go over it.
    boolean reusable() {
        if (route.closed() || shut || ended || in.hasRemaining()) return false;
        int dead = Pollable.IN | Pollable.RDHUP | Pollable.HUP | Pollable.ERR;
        return (connection.readiness() & dead) == 0;
    }

    void close() {
        connection.unwatch(watcher);
        connection.close();
        route.disconnected(user);
    }

    /// Takes bytes out of what waits, without a copy.
    @Nullable IoBuffer slice(int bytes) {
        if (bytes == 0) return null;
        var slice = in.slice(in.position(), bytes);
        in.position(in.position() + bytes);
        return IoBuffer.wrap(slice);
    }
}
