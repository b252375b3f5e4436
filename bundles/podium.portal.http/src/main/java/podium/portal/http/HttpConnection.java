package podium.portal.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.portal.mina.Client;
import podium.portal.mina.ClientHandler;
import podium.portal.mina.Serial;

/// One client's connection: request after request, each to the guest its Host names. One request
/// is under way at a time; further ones wait in the client's inbox. Bodies pass through in pieces,
/// both directions at once, each at the slower side's pace.
final class HttpConnection implements ClientHandler {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    /// How much one run carries before others get their turn.
    private static final int TURN = 1 << 20;

    /// What a client that was refused may still send before the connection is cut, so that it reads
    /// the refusal before it learns of the end.
    private static final long LINGER = TimeUnit.SECONDS.toNanos(2);

    private enum Phase {
        /// Waits for a request's head.
        IDLE,
        /// A request and its answer are under way.
        EXCHANGE,
        /// Bytes go both ways without a look at them.
        TUNNEL,
        /// All is said; what the client still sends is dropped.
        LINGER
    }

    private final Client client;
    private final Endpoint endpoint;
    private final Serial pump;
    private final HeadReader head = new HeadReader(400);
    private final Outbox out;
    private Phase phase = Phase.IDLE;
    private @Nullable Upstream upstream;
    private @Nullable Exchange exchange;
    private @Nullable Tunnel tunnel;
    private volatile boolean closed;
    private volatile @Nullable Route aborted;
    private volatile boolean starving;

    /// When to give up waiting for the client, of [System#nanoTime]; 0 for never.
    private volatile long deadline;

    private volatile boolean late;

    HttpConnection(Endpoint endpoint, Client client, Executor executor) {
        this.endpoint = endpoint;
        this.client = client;
        this.out = new Outbox(client);
        this.pump = new Serial(executor, this::pump);
        deadline = in(endpoint.config().headTimeout());
    }

    private static long in(int seconds) {
        long at = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        return at == 0 ? 1 : at;
    }

    /// Something came, or can be done, at either side.
    @Override
    public void changed() {
        pump.ask();
    }

    @Override
    public void sent() {
        if (starving) pump.ask();
    }

    @Override
    public void closed() {
        closed = true;
        pump.ask();
    }

    /// Ends whatever is under way with a route.
    void abort(Route route) {
        aborted = route;
        pump.ask();
    }

    /// Looks at the deadline.
    void tick(long now) {
        long at = deadline;
        if (at == 0 || now - at < 0) return;
        late = true;
        pump.ask();
    }

    private void pump() {
        if (closed) {
            release();
            return;
        }
        try {
            if (!givenUp()) run();
        } catch (BadMessageException e) {
            refuse(e.status(), String.valueOf(e.getMessage()));
        } catch (Exchange.ClientGoneException e) {
            LOG.debug("half a request", e);
            client.closeNow();
        } catch (IOException e) {
            LOG.debug("the guest has gone", e);
            guestGone();
        }
        out.flush();
    }

    private void run() throws IOException, BadMessageException {
        for (int carried = 0; ; ) {
            int n =
                    switch (phase) {
                        case IDLE -> idle();
                        case EXCHANGE -> exchange();
                        case TUNNEL -> tunnel();
                        case LINGER -> linger();
                    };
            if (n == 0) return;
            carried += n;
            if (carried >= TURN) {
                pump.ask();
                return;
            }
        }
    }

    /// Whether the time is over, or the route is to be ended by force.
    private boolean givenUp() {
        var connected = upstream;
        var route = aborted;
        if (route != null && connected != null && connected.route == route && phase != Phase.IDLE) {
            client.abort();
            return true;
        }
        if (!late) return false;
        late = false;
        long at = deadline;
        if (at == 0 || System.nanoTime() - at < 0) return false;
        deadline = 0;
        if (phase == Phase.IDLE && !head.isEmpty()) refuse(408, "the request took too long");
        else if (phase == Phase.EXCHANGE) client.abort();
        else client.closeOnFlush();
        return true;
    }

    /// @return positive when there is more to do at once
    private int idle() throws IOException, BadMessageException {
        dropUnusable();
        var bytes = client.head();
        if (bytes == null) {
            if (client.ended()) client.closeOnFlush();
            return 0;
        }
        if (head.isEmpty()) deadline = in(endpoint.config().headTimeout());
        int before = bytes.remaining();
        boolean complete = head.read(bytes);
        client.taken(before - bytes.remaining());
        if (!complete) return 1;
        var request = Head.request(head.bytes(), head.length());
        head.reset();
        begin(request);
        return 1;
    }

    private void dropUnusable() {
        var kept = upstream;
        if (kept == null || kept.reusable()) return;
        upstream = null;
        kept.close();
    }

    private void begin(Head request) throws BadMessageException {
        deadline = 0;
        boolean toHead = request.first.equals("HEAD");
        if (request.first.equals("CONNECT")) throw new BadMessageException(501, "this is no proxy");
        var framing = Framing.ofRequest(request);
        var route = endpoint.route(Forwarding.host(request));
        if (route == null) {
            refuse(404, "there is no portal of this name", !toHead);
            return;
        }
        var peer = client.address();
        var start = Forwarding.request(request, route.forwarded ? peer : null);
        var connected = connect(route, peer);
        if (connected == null) {
            refuse(503, "the guest does not take connections", !toHead);
            return;
        }
        route.begins();
        exchange = new Exchange(request, framing, start, connected, client, out);
        phase = Phase.EXCHANGE;
    }

    /// The kept connection when it leads to the same guest, or a new one; null when there is none
    /// to be had.
    private @Nullable Upstream connect(Route route, InetSocketAddress peer) {
        var kept = upstream;
        if (kept != null && kept.route == route) return kept;
        if (kept != null) {
            upstream = null;
            kept.close();
        }
        try {
            var made = new Upstream(route, route.port().connect(peer), this);
            upstream = made;
            return made;
        } catch (IOException e) {
            LOG.debug("the guest does not answer", e);
            return null;
        }
    }

    private int exchange() throws IOException, BadMessageException {
        var running = exchange;
        if (running == null) throw new IllegalStateException("no exchange");
        starving = true; // before the look at how much the network takes
        int carried = running.toGuest() + running.toClient();
        starving = !client.writable();
        if (running.upgraded()) {
            exchange = null;
            deadline = 0;
            tunnel = new Tunnel(client, running.upstream);
            phase = Phase.TUNNEL;
            return 1;
        }
        if (running.ended()) {
            end(running);
            return 1;
        }
        if (carried > 0) deadline = 0;
        else if (deadline == 0 && running.waitsForClient())
            deadline = in(endpoint.config().stallTimeout());
        else if (!running.waitsForClient()) deadline = 0;
        return carried;
    }

    private void end(Exchange over) {
        exchange = null;
        over.upstream.route.ends();
        over.upstream.used = true;
        starving = false;
        if (!over.reusesGuest()) {
            upstream = null;
            over.upstream.close();
        }
        if (over.keepsClient()) {
            phase = Phase.IDLE;
            deadline = in(endpoint.config().idleTimeout());
        } else {
            finish();
        }
    }

    private int tunnel() throws IOException {
        var running = tunnel;
        if (running == null) throw new IllegalStateException("no tunnel");
        out.flush();
        starving = true; // as above
        int carried = running.carry();
        starving = !client.writable();
        if (running.ended()) client.closeOnFlush();
        return carried;
    }

    private int linger() {
        for (var bytes = client.head(); bytes != null; bytes = client.head()) {
            int n = bytes.remaining();
            bytes.position(bytes.limit());
            client.taken(n);
        }
        if (client.ended()) client.closeOnFlush();
        return 0;
    }

    /// Answers in the guest's place, and ends the connection.
    private void refuse(int status, String reason) {
        refuse(status, reason, true);
    }

    private void refuse(int status, String reason, boolean withBody) {
        var running = exchange;
        if (running != null && running.answered()) {
            client.abort(); // half an answer is out
            return;
        }
        releaseUpstream();
        out.add(Forwarding.refusal(status, reason, withBody));
        finish();
    }

    /// Ends the host's side, and waits for the client to do the same.
    private void finish() {
        out.flush();
        phase = Phase.LINGER;
        long at = System.nanoTime() + LINGER;
        deadline = at == 0 ? 1 : at;
        client.shutdownOutput();
        linger();
    }

    private void guestGone() {
        var running = exchange;
        if (phase == Phase.TUNNEL) {
            var carried = tunnel;
            if (carried != null && carried.guestEnded()) client.closeOnFlush();
            else client.abort();
        } else if (running != null && running.retry()) {
            again(running);
        } else if (running != null && running.salvage()) {
            // The guest answered and hung up before it had read all of the request.
            pump.ask();
        } else {
            refuse(502, "the guest closed the connection without an answer");
        }
    }

    /// A kept connection ended just as the request went out: once more, over a new one.
    private void again(Exchange failed) {
        var route = failed.upstream.route;
        upstream = null;
        failed.upstream.close();
        var connected = connect(route, client.address());
        if (connected == null) {
            route.ends();
            exchange = null;
            refuse(503, "the guest does not take connections");
            return;
        }
        exchange = failed.over(connected);
        pump.ask();
    }

    private void releaseUpstream() {
        var connected = upstream;
        boolean busy = exchange != null || tunnel != null;
        upstream = null;
        exchange = null;
        tunnel = null;
        if (connected == null) return;
        connected.close();
        if (busy) connected.route.ends();
    }

    private void release() {
        releaseUpstream();
    }

    /// For a guest's bytes.
    static int least(ByteBuffer bytes, long most) {
        return (int) Math.min(bytes.remaining(), most);
    }
}
