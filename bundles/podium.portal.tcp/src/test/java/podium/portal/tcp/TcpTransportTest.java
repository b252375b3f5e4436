package podium.portal.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.util.Map;
import org.junit.jupiter.api.Test;
import podium.portal.Portal;
import podium.portal.Transport;
import podium.testkit.TransportContract;

class TcpTransportTest extends TransportContract {

    private record Config(String host, int connections, int idle) implements TcpConfig {

        @Override
        public Class<? extends Annotation> annotationType() {
            return TcpConfig.class;
        }
    }

    @Override
    protected Transport create() {
        return new TcpTransport(new Config("127.0.0.1", 10_000, 0));
    }

    @Override
    protected void destroy(Transport transport) {
        ((TcpTransport) transport).stop();
    }

    @Override
    protected Portal openAt(int port) throws IOException {
        return transport.open(guest, Map.of("port", String.valueOf(port)));
    }

    @Override
    protected Channel dial(Portal portal) throws IOException {
        var client = socket(portal);
        return new Channel(client, guest.accept());
    }

    @Test
    void aGuestThatDoesNotAnswerResetsTheClient() throws IOException {
        var portal = open();
        guest.refuse(true);
        var client = socket(portal);
        assertThrows(
                IOException.class,
                () -> {
                    if (client.getInputStream().read() < 0) throw new IOException("ended");
                });
    }

    @Test
    void idleConnectionsEnd() throws IOException {
        var portal = transport.open(guest, Map.of("idle", "1"));
        var client = socket(portal);
        var peer = guest.accept();
        assertEquals(-1, client.getInputStream().read());
        assertThrows(IOException.class, () -> peer.read(1));
    }

    @Test
    void connectionsAreBounded() throws IOException {
        var portal = transport.open(guest, Map.of("connections", "1"));
        var first = dial(portal);
        var second = socket(portal);
        assertThrows(
                IOException.class,
                () -> {
                    if (second.getInputStream().read() < 0) throw new IOException("ended");
                });
        first.guest().write("x");
        assertEquals('x', first.client().getInputStream().read());
    }

    @Test
    void wrongOptionsAreNamed() {
        for (var wrong :
                Map.of(
                                "port",
                                "http",
                                "connections",
                                "-1",
                                "host",
                                "no.such.host.invalid",
                                "prot",
                                "1")
                        .entrySet()) {
            var e =
                    assertThrows(
                            IOException.class,
                            () -> transport.open(guest, Map.of(wrong.getKey(), wrong.getValue())));
            assertTrue(
                    e.getMessage().contains(wrong.getKey())
                            || e.getMessage().contains(wrong.getValue()),
                    e.getMessage());
        }
    }
}
