package podium.portal.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import podium.portal.Portal;
import podium.portal.Transport;
import podium.testkit.TransportContract;

/// The contract, over an upgraded connection.
class HttpTransportTest extends TransportContract {

    @Override
    protected Transport create() {
        return new HttpTransport(TestConfig.of());
    }

    @Override
    protected void destroy(Transport transport) {
        ((HttpTransport) transport).stop();
    }

    @Override
    protected Portal openAt(int port) throws IOException {
        return transport.open(guest, Map.of("port", String.valueOf(port)));
    }

    @Override
    protected Channel dial(Portal portal) throws IOException {
        var client = socket(portal);
        write(
                client.getOutputStream(),
                "GET /raw HTTP/1.1\r\nHost: "
                        + portal.uri().getAuthority()
                        + "\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
        var peer = guest.accept();
        assertTrue(peer.readUntil("\r\n\r\n").startsWith("GET /raw HTTP/1.1\r\n"));
        peer.write(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = client.getInputStream().read();
            if (c < 0) throw new IOException("ended after: " + head);
            head.append((char) c);
        }
        assertTrue(head.toString().startsWith("HTTP/1.1 101 "), head.toString());
        return new Channel(client, peer);
    }
}
