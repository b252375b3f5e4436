package podium.portal.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import podium.pod.PortalRule;
import podium.portal.Connection;
import podium.portal.GuestPort;
import podium.portal.Portal;
import podium.portal.PortalListener;
import podium.portal.Transport;

class PortalsTest {

    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Portals portals = new Portals();

    PortalsTest() {
        portals.addListener(new Recorder());
    }

    @AfterEach
    void stop() {
        portals.stop();
        assertEquals(List.of(), portals.portals());
    }

    private String event() throws InterruptedException {
        return String.valueOf(events.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void opensAndClosesWithThePort() throws Exception {
        var tcp = new FakeTransport("tcp", "a");
        portals.addTransport(tcp, Map.of());
        var port = new FakePort(80, PortalRule.of("tcp"));
        portals.opened(port);
        assertEquals("open a:80", event());
        assertEquals(1, portals.portals().size());
        portals.closed(port);
        assertEquals("closed a:80", event());
        assertEquals(List.of(), portals.portals());
        tcp.awaitEnd();
    }

    @Test
    void aTransportMayComeLater() throws Exception {
        portals.opened(new FakePort(80, PortalRule.of("tcp")));
        portals.addTransport(new FakeTransport("tcp", "a"), Map.of());
        assertEquals("open a:80", event());
    }

    @Test
    void aMissingTransportIsReported() throws Exception {
        portals.opened(new FakePort(80, PortalRule.of("htpp")));
        assertEquals("failed 80 htpp there is no transport named htpp", event());
    }

    @Test
    void anotherProviderTakesOver() throws Exception {
        var first = new FakeTransport("tcp", "a");
        portals.addTransport(first, Map.of("service.ranking", 10, "service.id", 1L));
        portals.addTransport(new FakeTransport("tcp", "b"), Map.of("service.id", 2L));
        portals.opened(new FakePort(80, PortalRule.of("tcp")));
        assertEquals("open a:80", event());
        portals.removeTransport(first);
        assertEquals(Set.of(), first.open);
        assertEquals("closed a:80", event());
        assertEquals("open b:80", event());
    }

    @Test
    void aRuleForThePortGoesBeforeOneForAll() throws Exception {
        portals.addTransport(new FakeTransport("tcp", "a"), Map.of());
        portals.addTransport(new FakeTransport("http", "h"), Map.of());
        var exact = new PortalRule("tcp", 80, Map.of("port", "8080"));
        portals.opened(new FakePort(80, PortalRule.of("tcp"), exact, PortalRule.of("http")));
        assertEquals("open a:80{port=8080}", event());
        assertEquals("open h:80", event());
        portals.opened(new FakePort(81, PortalRule.of("tcp"), exact));
        assertEquals("open a:81", event());
    }

    @Test
    void aFailureIsReportedOnceAndRetriedWithTheTransport() throws Exception {
        var broken = new FakeTransport("tcp", "a");
        broken.failure = "port 80 is in use";
        portals.addTransport(broken, Map.of());
        portals.opened(new FakePort(80, PortalRule.of("tcp")));
        assertEquals("failed 80 tcp port 80 is in use", event());
        portals.removeTransport(broken);
        broken.failure = null;
        portals.addTransport(broken, Map.of());
        assertEquals("open a:80", event());
    }

    @Test
    void aReopenedPortWaitsForTheOldPortalToEnd() throws Exception {
        var tcp = new FakeTransport("tcp", "a");
        tcp.exclusive = true;
        tcp.slow = true;
        portals.addTransport(tcp, Map.of());
        var port = new FakePort(80, PortalRule.of("tcp"));
        portals.opened(port);
        assertEquals("open a:80", event());
        portals.closed(port);
        portals.opened(new FakePort(80, PortalRule.of("tcp")));
        assertEquals("closed a:80", event());
        assertEquals("open a:80", event());
    }

    @Test
    void aLateListenerIsToldAndAFailingOneHarmsNobody() throws Exception {
        portals.addListener(
                new PortalListener() {
                    @Override
                    public void opened(Portal portal) {
                        throw new IllegalStateException("on purpose");
                    }

                    @Override
                    public void closed(Portal portal) {}

                    @Override
                    public void failed(GuestPort port, String scheme, String reason) {}
                });
        portals.addTransport(new FakeTransport("tcp", "a"), Map.of());
        portals.opened(new FakePort(80, PortalRule.of("tcp")));
        assertEquals("open a:80", event());
        portals.addListener(new Recorder());
        assertEquals("open a:80", event());
    }

    private final class Recorder implements PortalListener {

        @Override
        public void opened(Portal portal) {
            events.add("open " + portal.uri().toString().replace("%7B", "{").replace("%7D", "}"));
        }

        @Override
        public void closed(Portal portal) {
            events.add("closed " + portal.uri());
        }

        @Override
        public void failed(GuestPort port, String scheme, String reason) {
            events.add("failed " + port.port() + " " + scheme + " " + reason);
        }
    }

    private record FakePort(int port, List<PortalRule> rules) implements GuestPort {

        FakePort(int port, PortalRule... rules) {
            this(port, List.of(rules));
        }

        @Override
        public String pod() {
            return "pod";
        }

        @Override
        public Connection connect(InetSocketAddress peer) throws IOException {
            throw new IOException("nobody here");
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private static final class FakeTransport implements Transport {

        private final String scheme;
        private final String name;
        private final Set<Integer> open = java.util.Collections.synchronizedSet(new HashSet<>());
        private volatile String failure;
        private volatile boolean exclusive;
        private volatile boolean slow;

        FakeTransport(String scheme, String name) {
            this.scheme = scheme;
            this.name = name;
        }

        @Override
        public String scheme() {
            return scheme;
        }

        void awaitEnd() throws InterruptedException {
            for (int i = 0; !open.isEmpty() && i < 1000; i++) Thread.sleep(10);
            assertTrue(open.isEmpty());
        }

        @Override
        public Portal open(GuestPort port, Map<String, String> options) throws IOException {
            if (failure != null) throw new IOException(failure);
            if (!open.add(port.port()) && exclusive) throw new IOException("in use");
            var text = name + ":" + port.port() + (options.isEmpty() ? "" : options.toString());
            return new Portal() {
                @Override
                public URI uri() {
                    return URI.create(text.replace("{", "%7B").replace("}", "%7D"));
                }

                @Override
                public GuestPort port() {
                    return port;
                }

                @Override
                public String scheme() {
                    return scheme;
                }

                @Override
                public Traffic traffic() {
                    return new Traffic(0, 0, 0, 0);
                }

                @Override
                public boolean close(Duration grace) {
                    try {
                        if (slow) Thread.sleep(100);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    open.remove(port.port());
                    return true;
                }
            };
        }
    }
}
