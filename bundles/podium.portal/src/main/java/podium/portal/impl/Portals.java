package podium.portal.impl;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import podium.pod.PortalRule;
import podium.portal.GuestPort;
import podium.portal.GuestPortListener;
import podium.portal.Portal;
import podium.portal.PortalListener;
import podium.portal.PortalManager;
import podium.portal.Transport;

/// Keeps a portal open for every guest port that a rule exposes, as long as the port and the rule's
/// transport are there.
@Component(service = {PortalManager.class, GuestPortListener.class})
public final class Portals implements PortalManager, GuestPortListener {

    private static final Logger LOG = LoggerFactory.getLogger(Portals.class);

    /// What connections get to end by themselves when their port closes.
    private static final Duration PORT_GRACE = Duration.ofSeconds(10);

    /// The same when the transport or the container leaves: somebody waits for that.
    private static final Duration STOP_GRACE = Duration.ofSeconds(1);

    /// How long a stop waits for all of that, in seconds.
    private static final int STOP_PATIENCE = 5;

    /// How long after a port opened a missing transport is worth a word: bundles start in any
    /// order.
    private static final long TRANSPORT_PATIENCE = 3_000;

    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor(
                    run -> Thread.ofPlatform().daemon().name("podium-portals").unstarted(run));

    private final LinkedHashSet<GuestPort> ports = new LinkedHashSet<>();
    private final List<Provider> providers = new ArrayList<>();
    private final List<PortalListener> listeners = new ArrayList<>();
    private final List<Exposed> exposed = new ArrayList<>();

    /// Rules that could not be followed, so that each is reported once.
    private final List<Failure> failures = new ArrayList<>();

    /// Portals that still end their connections; their host ports may not be free yet.
    private final AtomicInteger ending = new AtomicInteger();

    private volatile List<Portal> portals = List.of();

    private record Provider(Transport transport, int ranking, long id) {

        static Provider of(Transport transport, Map<String, ?> properties) {
            int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
            long id = properties.get("service.id") instanceof Long i ? i : 0;
            return new Provider(transport, ranking, id);
        }
    }

    private record Exposed(GuestPort port, PortalRule rule, Transport transport, Portal portal) {}

    private record Failure(GuestPort port, PortalRule rule) {}

    @Activate
    public Portals() {}

    @Override
    public List<Portal> portals() {
        return portals;
    }

    @Override
    public void opened(GuestPort port) {
        submit(
                () -> {
                    ports.add(port);
                    expose(port);
                    worker.schedule(
                            guarded(() -> reportMissing(port)),
                            TRANSPORT_PATIENCE,
                            TimeUnit.MILLISECONDS);
                });
    }

    @Override
    public void closed(GuestPort port) {
        submit(
                () -> {
                    ports.remove(port);
                    failures.removeIf(failure -> failure.port == port);
                    for (var one : List.copyOf(exposed))
                        if (one.port == port) withdraw(one, PORT_GRACE, false);
                });
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeTransport")
    void addTransport(Transport transport, Map<String, ?> properties) {
        submit(
                () -> {
                    providers.add(Provider.of(transport, properties));
                    providers.sort(
                            Comparator.comparingInt(Provider::ranking)
                                    .reversed()
                                    .thenComparingLong(Provider::id));
                    failures.removeIf(f -> f.rule.scheme().equals(transport.scheme()));
                    List.copyOf(ports).forEach(this::expose);
                });
    }

    /// Returns when the transport's portals are closed, and those of another provider of its scheme
    /// opened in their place.
    void removeTransport(Transport transport) {
        var done = new CountDownLatch(1);
        var submitted =
                submit(
                        () -> {
                            try {
                                providers.removeIf(provider -> provider.transport == transport);
                                for (var one : List.copyOf(exposed))
                                    if (one.transport == transport) withdraw(one, STOP_GRACE, true);
                                List.copyOf(ports).forEach(this::expose);
                            } finally {
                                done.countDown();
                            }
                        });
        // References are unbound after a stop too, when all portals are closed.
        if (submitted) await(done);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeListener")
    void addListener(PortalListener listener) {
        submit(
                () -> {
                    listeners.add(listener);
                    for (var portal : portals) guarded(() -> listener.opened(portal)).run();
                });
    }

    void removeListener(PortalListener listener) {
        submit(() -> listeners.remove(listener));
    }

    @Deactivate
    void stop() {
        var done = new CountDownLatch(1);
        submit(
                () -> {
                    for (var one : List.copyOf(exposed)) withdraw(one, STOP_GRACE, true);
                    done.countDown();
                });
        await(done);
        worker.shutdown();
    }

    private void expose(GuestPort port) {
        for (var rule : rules(port)) {
            if (exposed.stream().anyMatch(one -> one.port == port && one.rule.equals(rule)))
                continue;
            var transport = transport(rule.scheme());
            if (transport != null && !failures.contains(new Failure(port, rule)))
                open(port, rule, transport);
        }
    }

    /// The rules that count for a port: one that names it goes before those of its scheme that
    /// name every port.
    private static List<PortalRule> rules(GuestPort port) {
        var matching = new ArrayList<PortalRule>();
        for (var rule : port.rules()) if (rule.guestPort() == port.port()) matching.add(rule);
        for (var rule : port.rules())
            if (rule.guestPort() == 0
                    && matching.stream().noneMatch(m -> m.scheme().equals(rule.scheme())))
                matching.add(rule);
        return matching;
    }

    private @Nullable Transport transport(String scheme) {
        for (var provider : providers)
            if (provider.transport.scheme().equals(scheme)) return provider.transport;
        return null;
    }

    private void open(GuestPort port, PortalRule rule, Transport transport) {
        try {
            var portal = transport.open(port, rule.options());
            exposed.add(new Exposed(port, rule, transport, portal));
            publish();
            LOG.info("{}:{} is open at {}", port.pod(), port.port(), portal.uri());
            tell(listener -> listener.opened(portal));
        } catch (IOException | RuntimeException e) {
            // What is ending may hold the host's port yet: there is another try when it has ended.
            if (ending.get() == 0)
                fail(port, rule, Objects.requireNonNullElse(e.getMessage(), e.toString()));
            else LOG.debug("waiting for a portal to end", e);
        }
    }

    private void fail(GuestPort port, PortalRule rule, String reason) {
        failures.add(new Failure(port, rule));
        // Somebody who listens says it in a place of his own.
        LOG.atLevel(listeners.isEmpty() ? Level.WARN : Level.INFO)
                .log("{}:{} has no {} portal: {}", port.pod(), port.port(), rule.scheme(), reason);
        tell(listener -> listener.failed(port, rule.scheme(), reason));
    }

    private void reportMissing(GuestPort port) {
        if (!ports.contains(port)) return;
        for (var rule : rules(port)) {
            if (transport(rule.scheme()) == null && !failures.contains(new Failure(port, rule)))
                fail(port, rule, "there is no transport named " + rule.scheme());
        }
    }

    /// Takes a portal out of service; its connections get a grace.
    ///
    /// @param wait whether to wait for that
    private void withdraw(Exposed one, Duration grace, boolean wait) {
        exposed.remove(one);
        publish();
        LOG.info("{}:{} is closed at {}", one.port.pod(), one.port.port(), one.portal.uri());
        if (wait) {
            guarded(() -> one.portal.close(grace)).run();
        } else {
            ending.incrementAndGet();
            Thread.ofVirtual().name("podium-portal-end").start(() -> end(one.portal, grace));
        }
        tell(listener -> listener.closed(one.portal));
    }

    private void end(Portal portal, Duration grace) {
        try {
            portal.close(grace);
        } finally {
            ending.decrementAndGet();
            submit(() -> List.copyOf(ports).forEach(this::expose));
        }
    }

    private void publish() {
        portals = exposed.stream().map(Exposed::portal).toList();
    }

    private void tell(java.util.function.Consumer<PortalListener> event) {
        for (var listener : List.copyOf(listeners)) guarded(() -> event.accept(listener)).run();
    }

    /// @return false when this is stopped already
    private boolean submit(Runnable event) {
        try {
            worker.execute(guarded(event));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped already", e);
            return false;
        }
    }

    private static Runnable guarded(Runnable event) {
        return () -> {
            try {
                event.run();
            } catch (RuntimeException e) {
                LOG.error("a portal event failed", e);
            }
        };
    }

    private static void await(CountDownLatch done) {
        try {
            if (!done.await(STOP_PATIENCE, TimeUnit.SECONDS))
                LOG.warn("portals did not close within {} s", STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
