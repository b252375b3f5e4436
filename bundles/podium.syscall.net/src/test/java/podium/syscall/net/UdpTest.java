package podium.syscall.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static podium.syscall.Pollable.IN;
import static podium.syscall.Pollable.OUT;
import static podium.syscall.net.SocketConstants.*;

import org.junit.jupiter.api.Test;
import podium.syscall.Errno;

/// UDP inside a pod, against what Linux does.
class UdpTest {

    private final TestGuest guest = new TestGuest();

    private int bound(String address) {
        int fd = guest.socket(address.contains(":") ? AF_INET6 : AF_INET, SOCK_DGRAM);
        assertEquals(0, guest.bind(fd, address, 0));
        return fd;
    }

    @Test
    void keepsMessagesApart() {
        int server = bound("127.0.0.1");
        int client = guest.socket(AF_INET, SOCK_DGRAM);
        guest.sendTo(client, "one", "127.0.0.1", guest.port(server));
        guest.sendTo(client, "", "127.0.0.1", guest.port(server));
        guest.sendTo(client, "three", "127.0.0.1", guest.port(server));
        assertEquals(IN | OUT, guest.readiness(server));
        assertEquals("one", guest.receive(server));
        assertEquals("", guest.receive(server));
        assertEquals("thr", guest.receive(server, 3, 0));
        assertEquals("-EAGAIN", guest.receive(server, 10, MSG_DONTWAIT));
    }

    @Test
    void tellsTheFullLengthWhenAsked() {
        int server = bound("127.0.0.1");
        int client = guest.socket(AF_INET, SOCK_DGRAM);
        guest.sendTo(client, "a long one", "127.0.0.1", guest.port(server));
        int n =
                guest.call(
                        () ->
                                guest.messages.recvfrom(
                                        guest.task,
                                        server,
                                        TestGuest.BUFFER,
                                        3,
                                        MSG_PEEK | MSG_TRUNC,
                                        0,
                                        0));
        assertEquals(10, n);
        assertEquals("a long one", guest.receive(server));
    }

    @Test
    void connectedSocketsHearTheirPeerAlone() {
        int a = bound("127.0.0.1");
        int b = bound("127.0.0.1");
        int stranger = bound("127.0.0.1");
        assertEquals(0, guest.connect(a, "127.0.0.1", guest.port(b)));
        guest.sendTo(stranger, "not for you", "127.0.0.1", guest.port(a));
        guest.sendTo(b, "for you", "127.0.0.1", guest.port(a));
        assertEquals("for you", guest.receive(a));
        assertEquals("-EAGAIN", guest.receive(a, 10, MSG_DONTWAIT));
        assertEquals("127.0.0.1:" + guest.port(b), guest.peerName(a));
    }

    @Test
    void nobodyThereIsToldToWhoIsConnected() {
        int client = guest.socket(AF_INET, SOCK_DGRAM);
        assertEquals(1, guest.sendTo(client, "x", "127.0.0.1", 9));
        assertEquals(0, guest.connect(client, "127.0.0.1", 9));
        assertEquals(1, guest.send(client, "x"));
        assertEquals("-ECONNREFUSED", guest.receive(client));
        assertEquals(1, guest.send(client, "x"));
    }

    @Test
    void limits() {
        int server = bound("127.0.0.1");
        int client = guest.socket(AF_INET, SOCK_DGRAM);
        int port = guest.port(server);
        assertEquals(
                Errno.EMSGSIZE.negated(),
                guest.sendTo(client, "x".repeat(65_508), "127.0.0.1", port));
        assertEquals(65_507, guest.sendTo(client, "x".repeat(65_507), "127.0.0.1", port));
        assertEquals(Errno.EDESTADDRREQ.negated(), guest.send(client, "x"));
        assertEquals(Errno.ENETUNREACH.negated(), guest.sendTo(client, "x", "192.0.2.1", 9));
        // What does not fit is lost.
        for (int i = 0; i < 100; i++) guest.sendTo(client, "x".repeat(60_000), "127.0.0.1", port);
        int kept = 0;
        while (!guest.receive(server, 1, MSG_DONTWAIT).startsWith("-")) kept++;
        assertEquals(4, kept);
    }

    @Test
    void dualStackSocketsTakeBoth() {
        int server = bound("::");
        int client = guest.socket(AF_INET, SOCK_DGRAM);
        guest.sendTo(client, "four", "127.0.0.1", guest.port(server));
        assertEquals("four", guest.receive(server));
        int six = guest.socket(AF_INET6, SOCK_DGRAM);
        guest.sendTo(six, "six", "::1", guest.port(server));
        assertEquals("six", guest.receive(server));
    }

    @Test
    void messagesByTheDozen() {
        int server = bound("127.0.0.1");
        int client = guest.socket(AF_INET, SOCK_DGRAM);
        guest.connect(client, "127.0.0.1", guest.port(server));
        var memory = guest.memory;
        for (int i = 0; i < 3; i++) {
            int header = 0x20000 + i * 32;
            memory.clear(header, 32);
            memory.putInt(header + 8, 0x21000 + i * 8);
            memory.putInt(header + 12, 1);
            memory.putInt(0x21000 + i * 8, 0x22000 + i * 16);
            memory.putInt(0x21000 + i * 8 + 4, i + 1);
        }
        memory.put(0x22000, new byte[64]);
        assertEquals(
                3, guest.call(() -> guest.messages.sendmmsg(guest.task, client, 0x20000, 3, 0)));
        assertEquals(2, memory.getInt(0x20000 + 32 + 28));
        for (int i = 0; i < 4; i++) memory.putInt(0x21000 + i * 8 + 4, 16);
        memory.putInt(0x20000 + 3 * 32 + 8, 0x21000);
        memory.putInt(0x20000 + 3 * 32 + 12, 1);
        assertEquals(
                3,
                guest.call(
                        () ->
                                guest.messages.recvmmsg(
                                        guest.task, server, 0x20000, 4, MSG_WAITFORONE, 0)));
        assertEquals(3, memory.getInt(0x20000 + 64 + 28));
    }
}
