package podium.portal.http;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import podium.portal.GuestPort;
import podium.portal.Portal;
import podium.portal.mina.Underway;

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
    private final Underway busy = new Underway();
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
    }

    /// A request, or a tunnel, is under way.
    void begins() {
        busy.begins();
    }

    void ends() {
        busy.ends();
    }

    @Override
    public boolean close(Duration grace) {
        synchronized (this) {
            if (closed) return busy.count() == 0;
            closed = true;
        }
        endpoint.remove(this);
        users.forEach(HttpConnection::changed); // those that wait for a next request let go
        boolean graceful = busy.awaitEnd(grace);
        if (!graceful) users.forEach(user -> user.abort(this));
        endpoint.release();
        return graceful;
    }
}
