package podium.portal.http;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import podium.portal.GuestPort;
import podium.portal.Portal;

/// One host name that leads to a guest port.
final class Route implements Portal {

    final String name;
    final boolean forwarded;
    private final GuestPort port;
    private final Endpoint endpoint;
    private final URI uri;
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final Set<HttpConnection> users = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Route(GuestPort port, Endpoint endpoint, String name, boolean forwarded) {
        this.port = port;
        this.endpoint = endpoint;
        this.name = name;
        this.forwarded = forwarded;
        int at = endpoint.port();
        uri = URI.create("http://" + name + (at == 80 ? "" : ":" + at) + "/");
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public GuestPort port() {
        return port;
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public Traffic traffic() {
        return new Traffic(open.get(), connections.sum(), received.sum(), sent.sum());
    }

    boolean closed() {
        return closed;
    }

    /// A client's connection begins to use a connection to the guest.
    void connected(HttpConnection user) {
        open.incrementAndGet();
        connections.increment();
        users.add(user);
    }

    void disconnected(HttpConnection user) {
        users.remove(user);
        open.decrementAndGet();
        changed();
    }

    /// A request, or a tunnel, is under way.
    void begins() {
        busy.incrementAndGet();
    }

    void ends() {
        busy.decrementAndGet();
        changed();
    }

    private void changed() {
        if (!closed) return;
        synchronized (this) {
            notifyAll();
        }
    }

    @Override
    public boolean close(Duration grace) {
        synchronized (this) {
            if (closed) return busy.get() == 0;
            closed = true;
        }
        endpoint.remove(this);
        users.forEach(HttpConnection::changed); // those that wait for a next request let go
        boolean graceful = awaitEnd(grace);
        if (!graceful) users.forEach(user -> user.abort(this));
        endpoint.release();
        return graceful;
    }

    private synchronized boolean awaitEnd(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        try {
            for (long left; busy.get() > 0 && (left = deadline - System.nanoTime()) > 0; )
                wait(left / 1_000_000, (int) (left % 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return busy.get() == 0;
    }
}
