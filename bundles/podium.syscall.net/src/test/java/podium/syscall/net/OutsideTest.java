package podium.syscall.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.syscall.Pollable.*;
import static podium.syscall.net.SocketConstants.*;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.pod.NetworkGrants;
import podium.syscall.Errno;

/// What leaves the pod. The addresses are those of RFC 5737, which lead to this test's own servers.
@Timeout(60)
class OutsideTest {

    private static final String OUTSIDE = "192.0.2.1";

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private ServerSocket server;
    private DatagramSocket datagrams;
    private TestGuest guest;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, loopback);
        datagrams = new DatagramSocket(0, loopback);
        guest = guest(true);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        datagrams.close();
    }

    private TestGuest guest(boolean granted) {
        var rules =
                List.of(
                        new NetworkGrants.Rule(false, "192.0.2.66/32", 0, 65_535),
                        new NetworkGrants.Rule(true, "192.0.2.0/24", 0, 65_535),
                        new NetworkGrants.Rule(true, "127.0.0.0/8", 0, 65_535));
        var grants = granted ? new NetworkGrants(rules, false) : NetworkGrants.NONE;
        var networks = new Networks(to -> new InetSocketAddress(loopback, to.getPort()));
        return new TestGuest(networks, TestGuest.Pod.of(grants), 64);
    }

    private int connect(boolean wait) throws IOException {
        int fd = guest.socket(AF_INET, SOCK_STREAM);
        if (!wait) guest.nonBlocking(fd);
        int n = guest.connect(fd, OUTSIDE, server.getLocalPort());
        assertEquals(wait ? 0 : Errno.EINPROGRESS.negated(), n);
        return fd;
    }

    @Test
    void connectsAndCarries() throws IOException {
        int fd = connect(true);
        try (var peer = server.accept()) {
            assertEquals(OUTSIDE + ":" + server.getLocalPort(), guest.peerName(fd));
            assertTrue(guest.localName(fd).startsWith("10.0.2.15:"));
            guest.send(fd, "hello");
            assertEquals("hello", read(peer, 5));
            peer.getOutputStream().write("back".getBytes());
            assertEquals("ba", guest.receive(fd, 2, 0));
            assertEquals("ck", guest.receive(fd, 9, MSG_PEEK));
            assertEquals("ck", guest.receive(fd));
            guest.shutdown(fd, SHUT_WR);
            assertEquals(-1, peer.getInputStream().read());
            peer.getOutputStream().write("last".getBytes());
            peer.shutdownOutput();
            assertEquals("last", guest.receive(fd, 4, MSG_WAITALL));
            assertEquals("", guest.receive(fd));
        }
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private void await(int fd, int events) throws InterruptedException {
        for (int i = 0; (guest.readiness(fd) & events) == 0; i++) {
            assertTrue(i < 2000, "readiness " + guest.readiness(fd));
            Thread.sleep(5);
        }
    }

    @Test
    void connectsWithoutWaiting() throws Exception {
        int fd = connect(false);
        await(fd, OUT);
        assertEquals(0, guest.option(fd, SOL_SOCKET, OptionCalls.SO_ERROR));
        try (var peer = server.accept()) {
            assertEquals("-EAGAIN", guest.receive(fd));
            peer.getOutputStream().write('x');
            await(fd, IN);
            assertEquals("x", guest.receive(fd));
            assertEquals(0, guest.readiness(fd) & IN);
        }
        await(fd, IN);
        assertEquals("", guest.receive(fd));
    }

    @Test
    void refusedOutside() throws Exception {
        int port = server.getLocalPort();
        server.close();
        int fd = guest.socket(AF_INET, SOCK_STREAM);
        assertEquals(Errno.ECONNREFUSED.negated(), guest.connect(fd, OUTSIDE, port));
        int other = guest.socket(AF_INET, SOCK_STREAM);
        guest.nonBlocking(other);
        assertEquals(Errno.EINPROGRESS.negated(), guest.connect(other, OUTSIDE, port));
        await(other, ERR);
        assertEquals(
                Errno.ECONNREFUSED.number(), guest.option(other, SOL_SOCKET, OptionCalls.SO_ERROR));
    }

    @Test
    void aFullPipeWaits() throws Exception {
        int fd = connect(true);
        guest.nonBlocking(fd);
        var chunk = "x".repeat(100_000);
        long sent = 0;
        for (int n; (n = guest.send(fd, chunk)) > 0; ) sent += n;
        assertEquals(0, guest.readiness(fd) & OUT);
        try (var peer = server.accept()) {
            assertEquals(sent, peer.getInputStream().readNBytes((int) sent).length);
            await(fd, OUT);
            assertTrue(guest.send(fd, chunk) > 0);
        }
    }

    @Test
    void aResetIsOne() throws Exception {
        int fd = connect(true);
        try (var peer = server.accept()) {
            peer.setSoLinger(true, 0);
        }
        assertEquals("-ECONNRESET", guest.receive(fd));
        assertEquals(Errno.EPIPE.negated(), guest.send(fd, "x", MSG_NOSIGNAL));
    }

    @Test
    void whatIsNotGrantedIsNotReached() {
        int fd = guest.socket(AF_INET, SOCK_STREAM);
        assertEquals(
                Errno.EACCES.negated(), guest.connect(fd, "192.0.2.66", server.getLocalPort()));
        assertEquals(Errno.EACCES.negated(), guest.connect(fd, "198.51.100.1", 80));
        int six = guest.socket(AF_INET6, SOCK_STREAM);
        assertEquals(Errno.EACCES.negated(), guest.connect(six, "2001:db8::1", 80));
        // A mapped address is the one it stands for.
        assertEquals(Errno.EACCES.negated(), connectMapped(six, "192.0.2.66"));
        int udp = guest.socket(AF_INET, SOCK_DGRAM);
        assertEquals(Errno.EACCES.negated(), guest.sendTo(udp, "x", "192.0.2.66", 53));
        assertEquals(Errno.EACCES.negated(), guest.connect(udp, "192.0.2.66", 53));
        var alone = guest(false);
        int lone = alone.socket(AF_INET, SOCK_STREAM);
        assertEquals(
                Errno.ENETUNREACH.negated(), alone.connect(lone, OUTSIDE, server.getLocalPort()));
    }

    private int connectMapped(int fd, String address) {
        var bytes =
                SockAddr.encode(
                        new SocketName.Inet(
                                AF_INET6, InetAddress.ofLiteral(address), server.getLocalPort()),
                        AF_INET6);
        assertEquals(28, bytes.length);
        guest.memory.put(0x5000, bytes);
        return guest.call(() -> guest.sockets.connect(guest.task, fd, 0x5000, bytes.length));
    }

    @Test
    void theHostsLoopbackIsOutOfReachEvenWhenGranted() {
        int fd = guest.socket(AF_INET, SOCK_STREAM);
        for (var address : List.of("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.2.15"))
            assertEquals(
                    Errno.ECONNREFUSED.negated(),
                    guest.connect(fd, address, server.getLocalPort()),
                    address);
        int six = guest.socket(AF_INET6, SOCK_STREAM);
        for (var address : List.of("::1", "::"))
            assertEquals(
                    Errno.ECONNREFUSED.negated(),
                    guest.connect(six, address, server.getLocalPort()),
                    address);
        int mapped = guest.socket(AF_INET6, SOCK_STREAM);
        assertEquals(Errno.ECONNREFUSED.negated(), connectMapped(mapped, "127.0.0.1"));
    }

    @Test
    void datagramsGoOutAndAnswersComeIn() throws Exception {
        int fd = guest.socket(AF_INET, SOCK_DGRAM);
        assertEquals(4, guest.sendTo(fd, "ping", OUTSIDE, datagrams.getLocalPort()));
        var packet = new DatagramPacket(new byte[100], 100);
        datagrams.receive(packet);
        assertEquals("ping", new String(packet.getData(), 0, packet.getLength()));
        // A stranger who found the port is not heard.
        try (var stranger = new DatagramSocket(0, loopback)) {
            stranger.send(new DatagramPacket("evil".getBytes(), 4, packet.getSocketAddress()));
        }
        datagrams.send(new DatagramPacket("pong".getBytes(), 4, packet.getSocketAddress()));
        assertEquals("pong", guest.receive(fd));
        guest.close(fd);
    }
}
