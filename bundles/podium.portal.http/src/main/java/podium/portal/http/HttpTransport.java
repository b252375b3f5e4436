package podium.portal.http;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import podium.portal.GuestPort;
import podium.portal.Portal;
import podium.portal.Transport;
import podium.portal.mina.Network;

/// Transport `http`: many guest ports on one port of the host, told apart by the Host field.
@Component
@Designate(ocd = HttpConfig.class)
public final class HttpTransport implements Transport {

    private final HttpConfig config;
    private final Map<Address, Endpoint> endpoints = new HashMap<>();
    private final Network network = new Network();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    run -> Thread.ofPlatform().daemon().name("podium-http-clock").unstarted(run));

    /// As a rule asks for it: port 0 is one free port for all who ask for that.
    private record Address(String host, int port) {}

    @Activate
    public HttpTransport(HttpConfig config) {
        this.config = config;
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public Portal open(GuestPort port, Map<String, String> options) throws IOException {
        var wanted = Options.of(config, options);
        var name =
                wanted.name().isEmpty()
                        ? port.pod() + "-" + port.port() + "." + config.domain()
                        : wanted.name();
        var endpoint = endpoint(wanted);
        var route = new Route(port, endpoint, name, wanted.forwarded());
        if (endpoint.add(route)) return route;
        release(endpoint);
        throw new IOException("the name " + name + " is taken by another portal");
    }

    private Endpoint endpoint(Options wanted) throws IOException {
        var address = new Address(wanted.host(), wanted.port());
        synchronized (endpoints) {
            var there = endpoints.get(address);
            if (there == null) {
                there = new Endpoint(config, wanted, network, clock, this::release);
                endpoints.put(address, there);
            }
            there.users++;
            return there;
        }
    }

    /// The last one frees the host's port, before another can want it.
    private void release(Endpoint endpoint) {
        synchronized (endpoints) {
            if (--endpoint.users > 0) return;
            endpoints.values().remove(endpoint);
            endpoint.close();
        }
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
        network.close();
    }
}
