package podium.syscall.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static podium.syscall.net.SocketConstants.*;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import podium.pod.PortalRule;
import podium.portal.Connection;
import podium.portal.GuestPort;
import podium.portal.GuestPortListener;

/// Listening ports as the host sees them.
class PortsTest {

    private final TestGuest guest = new TestGuest();
    private final Recorder recorder = new Recorder();

    PortsTest() {
        guest.networks.addListener(recorder);
    }

    private static final class Recorder implements GuestPortListener {

        final List<String> events = new ArrayList<>();
        final List<GuestPort> ports = new ArrayList<>();

        @Override
        public void opened(GuestPort port) {
            events.add("opened " + port.port());
            ports.add(port);
        }

        @Override
        public void closed(GuestPort port) {
            events.add("closed " + port.port());
            ports.remove(port);
        }
    }

    private int listener(String address, int port) {
        int fd = guest.socket(address.contains(":") ? AF_INET6 : AF_INET, SOCK_STREAM);
        guest.setOption(fd, SOL_SOCKET, OptionCalls.SO_REUSEADDR, 1);
        assertEquals(0, guest.bind(fd, address, port));
        assertEquals(0, guest.listen(fd, 1));
        return fd;
    }

    private static String read(Connection connection) throws IOException {
        var into = ByteBuffer.allocate(100);
        int n = connection.read(into);
        return n < 0 ? "end" : new String(into.array(), 0, n, StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void listenersAreToldOnceAPort() {
        int fd = listener("127.0.0.1", 3000);
        int other = listener("127.0.0.2", 3000);
        assertEquals(List.of("opened 3000"), recorder.events);
        guest.close(fd);
        assertEquals(List.of("opened 3000"), recorder.events);
        guest.close(other);
        assertEquals(List.of("opened 3000", "closed 3000"), recorder.events);
        int again = listener("::", 3000);
        guest.shutdown(again, SHUT_RD);
        assertEquals(4, recorder.events.size());
    }

    @Test
    void whoComesLateIsToldToo() {
        listener("0.0.0.0", 3000);
        var late = new Recorder();
        guest.networks.addListener(late);
        assertEquals(List.of("opened 3000"), late.events);
        guest.networks.removeListener(late);
        listener("0.0.0.0", 3001);
        assertEquals(List.of("opened 3000"), late.events);
        assertEquals("pod", recorder.ports.getFirst().pod());
        assertEquals(List.of(PortalRule.of("tcp")), recorder.ports.getFirst().rules());
    }

    @Test
    void theHostConnects() throws IOException {
        int listener = listener("0.0.0.0", 3000);
        var peer = new InetSocketAddress("192.0.2.7", 5555);
        try (var connection = recorder.ports.getFirst().connect(peer)) {
            int server = guest.accept(listener);
            assertEquals("192.0.2.7:5555", guest.peerName(server));
            assertEquals("10.0.2.15:3000", guest.localName(server));
            assertEquals("", read(connection));
            assertEquals(2, connection.write(bytes("hi")));
            assertEquals("hi", guest.receive(server));
            guest.send(server, "there");
            assertEquals("there", read(connection));
            connection.shutdownOutput();
            assertEquals("", guest.receive(server));
            guest.send(server, "bye");
            guest.close(server);
            assertEquals("bye", read(connection));
            assertEquals("end", read(connection));
        }
    }

    @Test
    void closingWithoutAnEndResets() throws IOException {
        int listener = listener("::", 3000);
        var connection = recorder.ports.getFirst().connect(new InetSocketAddress("192.0.2.7", 5));
        int server = guest.accept(listener);
        connection.close();
        connection.close();
        assertEquals("-ECONNRESET", guest.receive(server));
        assertThrows(IOException.class, () -> connection.write(bytes("x")));
        assertThrows(IOException.class, () -> read(connection));
    }

    @Test
    void aGuestThatResetsIsNoticed() throws IOException {
        int listener = listener("::", 3000);
        var connection = recorder.ports.getFirst().connect(new InetSocketAddress("192.0.2.7", 5));
        connection.write(bytes("never read"));
        guest.close(guest.accept(listener));
        assertThrows(IOException.class, () -> read(connection));
    }

    @Test
    void theBacklogHoldsForTheHostToo() throws IOException {
        int listener = listener("127.0.0.1", 3000);
        var port = recorder.ports.getFirst();
        var peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        port.connect(peer);
        port.connect(peer);
        assertThrows(IOException.class, () -> port.connect(peer));
        guest.close(listener);
        var e = assertThrows(IOException.class, () -> port.connect(peer));
        assertEquals("pod:3000: nobody listens there any more", e.getMessage());
    }

    @Test
    void thePodsEndClosesItsPorts() {
        listener("0.0.0.0", 3000);
        guest.network().close();
        assertEquals(List.of("opened 3000", "closed 3000"), recorder.events);
    }
}
