package podium.portal.http;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import podium.portal.mina.HostPort;
import podium.portal.mina.Network;

/// One port of the host, and who is reached there by which name. It is bound as long as it has a
/// route.
final class Endpoint {

    private final HttpConfig config;
    private final Consumer<Endpoint> unused;
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final HostPort host;
    private final ScheduledFuture<?> ticker;

    /// Routes, and portals being made. Guarded by the transport.
    int users;

    /// Binds.
    ///
    /// @param unused called for each route that is closed
    /// @throws IOException one line for people
    Endpoint(
            HttpConfig config,
            Options options,
            Network network,
            ScheduledExecutorService clock,
            Consumer<Endpoint> unused)
            throws IOException {
        this.config = config;
        this.unused = unused;
        host =
                new HostPort(
                        network,
                        options.host(),
                        options.port(),
                        config.connections(),
                        client -> new HttpConnection(this, client, network.pumps()));
        ticker = clock.scheduleWithFixedDelay(this::tick, 500, 500, TimeUnit.MILLISECONDS);
    }

    int port() {
        return host.number();
    }

    /// Frees the port, and ends the clients' connections, which no route uses any more.
    void close() {
        ticker.cancel(false);
        host.closeOnFlush();
    }

    /// A route is closed; to be called last.
    void release() {
        unused.accept(this);
    }

    /// @return false when the name is taken
    boolean add(Route route) {
        return routes.putIfAbsent(route.name, route) == null;
    }

    void remove(Route route) {
        routes.remove(route.name, route);
    }

    @Nullable Route route(String host) {
        return routes.get(host);
    }

    HttpConfig config() {
        return config;
    }

    private void tick() {
        long now = System.nanoTime();
        host.forEach(handler -> ((HttpConnection) handler).tick(now));
    }
}
