package podium.syscall.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.syscall.Pollable.*;
import static podium.syscall.net.SocketConstants.*;

import java.util.List;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;

/// TCP over a pod's loopback, against what Linux does.
class TcpTest {

    private final TestGuest guest = new TestGuest();

    private int listener(String address) {
        int fd = guest.socket(address.contains(":") ? AF_INET6 : AF_INET, SOCK_STREAM);
        assertEquals(0, guest.bind(fd, address, 0));
        assertEquals(0, guest.listen(fd, 16));
        return fd;
    }

    /// A connection: client, server.
    private int[] pair() {
        int listener = listener("127.0.0.1");
        int client = guest.socket(AF_INET, SOCK_STREAM);
        assertEquals(0, guest.connect(client, "127.0.0.1", guest.port(listener)));
        int server = guest.accept(listener);
        guest.close(listener);
        return new int[] {client, server};
    }

    @Test
    void carriesBytesBothWays() {
        int[] pair = pair();
        assertEquals(5, guest.send(pair[0], "hello"));
        assertEquals("hello", guest.receive(pair[1]));
        assertEquals(2, guest.send(pair[1], "ok"));
        assertEquals("ok", guest.receive(pair[0]));
    }

    @Test
    void namesBothEnds() {
        int listener = listener("0.0.0.0");
        int client = guest.socket(AF_INET, SOCK_STREAM);
        guest.connect(client, "127.0.0.1", guest.port(listener));
        int server = guest.accept(listener);
        assertEquals("127.0.0.1:" + guest.port(listener), guest.localName(server));
        assertEquals(guest.localName(client), guest.peerName(server));
        assertEquals(guest.localName(server), guest.peerName(client));
        assertEquals("0.0.0.0:" + guest.port(listener), guest.localName(listener));
        assertEquals("-ENOTCONN", guest.peerName(listener));
    }

    @Test
    void aDualStackListenerSeesMappedAddresses() {
        int listener = listener("::");
        int client = guest.socket(AF_INET, SOCK_STREAM);
        assertEquals(0, guest.connect(client, "127.0.0.1", guest.port(listener)));
        int server = guest.accept(listener);
        var bytes = SockAddr.encode(((Socket) guest.files.get(server)).peerName(), AF_INET6);
        assertEquals(28, bytes.length);
        assertEquals((byte) 0xff, bytes[18]);
        assertEquals(127, bytes[20]);
        int six = guest.socket(AF_INET6, SOCK_STREAM);
        assertEquals(0, guest.connect(six, "::1", guest.port(listener)));
    }

    @Test
    void anotherFamilyIsRefusedByV6Only() {
        int fd = guest.socket(AF_INET6, SOCK_STREAM);
        assertEquals(0, guest.setOption(fd, IPPROTO_IPV6, OptionCalls.IPV6_V6ONLY, 1));
        guest.bind(fd, "::", 0);
        guest.listen(fd, 1);
        int client = guest.socket(AF_INET, SOCK_STREAM);
        assertEquals(
                Errno.ECONNREFUSED.negated(), guest.connect(client, "127.0.0.1", guest.port(fd)));
    }

    @Test
    void refusesWhereNobodyListens() {
        int client = guest.socket(AF_INET, SOCK_STREAM);
        assertEquals(Errno.ECONNREFUSED.negated(), guest.connect(client, "127.0.0.1", 9));
        // Linux lets the socket be used again.
        int listener = listener("127.0.0.1");
        assertEquals(0, guest.connect(client, "127.0.0.1", guest.port(listener)));
    }

    @Test
    void reportsAFailedConnectThroughSoError() {
        int client = guest.socket(AF_INET, SOCK_STREAM);
        guest.nonBlocking(client);
        assertEquals(Errno.EINPROGRESS.negated(), guest.connect(client, "127.0.0.1", 9));
        assertEquals(IN | OUT | ERR | HUP | RDHUP, guest.readiness(client));
        assertEquals(
                Errno.ECONNREFUSED.number(),
                guest.option(client, SOL_SOCKET, OptionCalls.SO_ERROR));
        assertEquals(0, guest.option(client, SOL_SOCKET, OptionCalls.SO_ERROR));
    }

    @Test
    void connectsWithoutWaiting() {
        int listener = listener("127.0.0.1");
        int client = guest.socket(AF_INET, SOCK_STREAM);
        guest.nonBlocking(client);
        assertEquals(
                Errno.EINPROGRESS.negated(),
                guest.connect(client, "127.0.0.1", guest.port(listener)));
        assertEquals(OUT, guest.readiness(client) & (OUT | ERR | HUP));
        assertEquals(0, guest.option(client, SOL_SOCKET, OptionCalls.SO_ERROR));
        assertEquals(0, guest.connect(client, "127.0.0.1", guest.port(listener)));
        assertEquals(
                Errno.EISCONN.negated(), guest.connect(client, "127.0.0.1", guest.port(listener)));
    }

    @Test
    void bindsOncePerAddress() {
        int first = listener("127.0.0.1");
        int port = guest.port(first);
        int second = guest.socket(AF_INET, SOCK_STREAM);
        assertEquals(Errno.EADDRINUSE.negated(), guest.bind(second, "127.0.0.1", port));
        assertEquals(Errno.EADDRINUSE.negated(), guest.bind(second, "0.0.0.0", port));
        assertEquals(0, guest.bind(second, "127.0.0.2", port));
        int third = guest.socket(AF_INET6, SOCK_STREAM);
        assertEquals(Errno.EADDRINUSE.negated(), guest.bind(third, "::", port));
        assertEquals(Errno.EADDRNOTAVAIL.negated(), guest.bind(third, "2001:db8::1", 0));
        guest.close(first);
        guest.close(second);
        assertEquals(0, guest.bind(third, "::", port));
    }

    @Test
    void twoReusersMayBindButOneListens() {
        int first = guest.socket(AF_INET, SOCK_STREAM);
        int second = guest.socket(AF_INET, SOCK_STREAM);
        guest.setOption(first, SOL_SOCKET, OptionCalls.SO_REUSEADDR, 1);
        guest.setOption(second, SOL_SOCKET, OptionCalls.SO_REUSEADDR, 1);
        assertEquals(0, guest.bind(first, "0.0.0.0", 8080));
        assertEquals(0, guest.bind(second, "0.0.0.0", 8080));
        assertEquals(0, guest.listen(first, 1));
        assertEquals(Errno.EADDRINUSE.negated(), guest.listen(second, 1));
    }

    @Test
    void halfCloses() {
        int[] pair = pair();
        guest.send(pair[0], "question");
        assertEquals(0, guest.shutdown(pair[0], SHUT_WR));
        assertEquals("question", guest.receive(pair[1]));
        assertEquals("", guest.receive(pair[1]));
        assertEquals(IN | OUT | RDHUP, guest.readiness(pair[1]));
        assertEquals(6, guest.send(pair[1], "answer"));
        assertEquals("answer", guest.receive(pair[0]));
        assertEquals(Errno.EPIPE.negated(), guest.send(pair[0], "more"));
        assertEquals(List.of(SIGPIPE), guest.signals);
        assertEquals(Errno.EPIPE.negated(), guest.send(pair[0], "more", MSG_NOSIGNAL));
        assertEquals(List.of(SIGPIPE), guest.signals);
        guest.shutdown(pair[1], SHUT_WR);
        assertEquals(IN | OUT | RDHUP | HUP, guest.readiness(pair[1]));
    }

    @Test
    void closingWithUnreadBytesResets() {
        int[] pair = pair();
        guest.send(pair[0], "never read");
        guest.send(pair[1], "still there");
        guest.close(pair[1]);
        assertTrue((guest.readiness(pair[0]) & (ERR | HUP)) == (ERR | HUP));
        assertEquals("still there", guest.receive(pair[0]));
        assertEquals("-ECONNRESET", guest.receive(pair[0]));
        assertEquals("", guest.receive(pair[0]));
        assertEquals(Errno.EPIPE.negated(), guest.send(pair[0], "x", MSG_NOSIGNAL));
    }

    @Test
    void sendingToAClosedPeerFailsTheSecondTime() {
        int[] pair = pair();
        guest.close(pair[1]);
        assertEquals("", guest.receive(pair[0]));
        assertEquals(1, guest.send(pair[0], "x"));
        assertEquals(Errno.EPIPE.negated(), guest.send(pair[0], "x"));
    }

    @Test
    void zeroLingerResets() {
        int[] pair = pair();
        guest.memory.putLong(0x2000, 1);
        assertEquals(
                0,
                guest.call(
                        () ->
                                guest.options.setsockopt(
                                        guest.task,
                                        pair[1],
                                        SOL_SOCKET,
                                        OptionCalls.SO_LINGER,
                                        0x2000,
                                        8)));
        guest.close(pair[1]);
        assertEquals("-ECONNRESET", guest.receive(pair[0]));
    }

    @Test
    void fillsAndDrains() {
        int[] pair = pair();
        guest.nonBlocking(pair[0]);
        long sent = 0;
        var chunk = "x".repeat(65_536);
        for (int n; (n = guest.send(pair[0], chunk)) > 0; ) sent += n;
        assertEquals(StreamEnd.DEFAULT_LIMIT, sent);
        assertEquals(0, guest.readiness(pair[0]) & OUT);
        assertEquals(Errno.EAGAIN.negated(), guest.send(pair[0], "x"));
        assertEquals(1, guest.receive(pair[1], 1, 0).length());
        assertEquals(0, guest.readiness(pair[0]) & OUT);
        for (long got = 1; got < sent; ) got += guest.receive(pair[1]).length();
        assertEquals(OUT, guest.readiness(pair[0]) & OUT);
    }

    @Test
    void peeksAndWaitsForAll() throws Exception {
        int[] pair = pair();
        guest.send(pair[0], "abc");
        assertEquals("ab", guest.receive(pair[1], 2, MSG_PEEK));
        var other = new TestGuest(guest.networks, guest.pod, 64);
        var file = guest.files.retain(pair[0]);
        int fd = other.files.add(file, false);
        var later =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    for (int i = 0; i < 7; i++) other.send(fd, "d");
                                });
        assertEquals("abcddddddd", guest.receive(pair[1], 10, MSG_WAITALL));
        later.join();
        other.send(fd, "tail");
        other.close(fd);
        guest.close(pair[0]);
        assertEquals("tail", guest.receive(pair[1], 10, MSG_WAITALL));
    }

    @Test
    void receiveTimesOut() {
        int[] pair = pair();
        guest.memory.putLong(0x2000, 0);
        guest.memory.putLong(0x2008, 20_000);
        assertEquals(
                0,
                guest.call(
                        () ->
                                guest.options.setsockopt(
                                        guest.task,
                                        pair[0],
                                        SOL_SOCKET,
                                        OptionCalls.SO_RCVTIMEO_NEW,
                                        0x2000,
                                        16)));
        assertEquals("-EAGAIN", guest.receive(pair[0]));
    }

    @Test
    void theBacklogIsBounded() {
        int listener = guest.socket(AF_INET, SOCK_STREAM);
        guest.bind(listener, "127.0.0.1", 0);
        guest.listen(listener, 1);
        int[] clients = new int[3];
        for (int i = 0; i < 3; i++) {
            clients[i] = guest.socket(AF_INET, SOCK_STREAM);
            guest.nonBlocking(clients[i]);
            guest.connect(clients[i], "127.0.0.1", guest.port(listener));
        }
        assertEquals(OUT, guest.readiness(clients[1]) & OUT);
        assertEquals(0, guest.readiness(clients[2]) & OUT);
        assertEquals(
                Errno.EALREADY.negated(),
                guest.connect(clients[2], "127.0.0.1", guest.port(listener)));
        guest.accept(listener);
        assertEquals(OUT, guest.readiness(clients[2]) & OUT);
        guest.close(listener);
        assertEquals("-ECONNRESET", guest.receive(clients[2]));
    }

    @Test
    void acceptKeepsTheConnectionWhenThereIsNoDescriptor() {
        var small = new TestGuest(guest.networks, guest.pod, 3);
        int listener = small.socket(AF_INET, SOCK_STREAM);
        small.bind(listener, "127.0.0.1", 4000);
        small.listen(listener, 5);
        int client = small.socket(AF_INET, SOCK_STREAM);
        assertEquals(0, small.connect(client, "127.0.0.1", 4000));
        int third = small.socket(AF_INET, SOCK_STREAM);
        assertEquals(Errno.EMFILE.negated(), small.accept(listener));
        assertEquals(IN, small.readiness(listener));
        small.close(third);
        int server = small.accept(listener);
        assertTrue(server > 0);
        small.send(client, "hi");
        assertEquals("hi", small.receive(server));
    }

    @Test
    void pollsAsLinuxDoes() {
        int fresh = guest.socket(AF_INET, SOCK_STREAM);
        assertEquals(OUT | HUP, guest.readiness(fresh));
        int listener = listener("127.0.0.1");
        assertEquals(0, guest.readiness(listener));
        int[] pair = pair();
        assertEquals(OUT, guest.readiness(pair[0]));
        guest.send(pair[0], "x");
        assertEquals(IN | OUT, guest.readiness(pair[1]));
    }

    @Test
    void hostileArguments() {
        int fd = guest.socket(AF_INET, SOCK_STREAM);
        var calls = guest.sockets;
        var task = guest.task;
        assertEquals(Errno.EINVAL.negated(), guest.call(() -> calls.bind(task, fd, 0x1000, 1)));
        assertEquals(Errno.EINVAL.negated(), guest.call(() -> calls.bind(task, fd, 0x1000, -1)));
        assertEquals(
                Errno.EFAULT.negated(), guest.call(() -> calls.bind(task, fd, 0xffff_fff0, 16)));
        assertEquals(Errno.EBADF.negated(), guest.call(() -> calls.listen(task, 99, 1)));
        assertEquals(
                Errno.EFAULT.negated(),
                guest.call(() -> guest.messages.sendto(task, fd, 0x1000, -1, 0, 0, 0)));
        guest.memory.putInt(0x3000 + 8, 0x4000);
        guest.memory.putInt(0x3000 + 12, 1 << 30);
        assertEquals(
                Errno.EMSGSIZE.negated(),
                guest.call(() -> guest.messages.sendmsg(task, fd, 0x3000, 0)));
        assertEquals(Errno.EAFNOSUPPORT.negated(), guest.call(() -> calls.socket(task, 999, 1, 0)));
        assertEquals(
                Errno.EINVAL.negated(), guest.call(() -> calls.socket(task, AF_INET, 0x1001, 0)));
        assertEquals(Errno.EPERM.negated(), guest.socket(AF_INET, SOCK_RAW));
        guest.memory.putInt(0x2000, -1);
        assertEquals(
                Errno.EINVAL.negated(),
                guest.call(() -> calls.getsockname(task, fd, 0x1000, 0x2000)));
    }

    @Test
    void aPodsBuffersAreBounded() {
        long before = guest.network().buffers.used();
        var chunk = "x".repeat(1 << 20);
        var many = new TestGuest(guest.networks, guest.pod, 2000);
        int listener = many.socket(AF_INET, SOCK_STREAM);
        many.bind(listener, "127.0.0.1", 0);
        many.listen(listener, 4096);
        int port = many.port(listener);
        for (int i = 0; i < 900; i++) {
            int client = many.socket(AF_INET, SOCK_STREAM);
            many.connect(client, "127.0.0.1", port);
            int server = many.accept(listener);
            many.nonBlocking(client);
            while (many.send(client, chunk) > 0) continue;
            many.nonBlocking(server);
        }
        long used = guest.network().buffers.used() - before;
        assertTrue(used <= PodNetwork.BUFFERS + 900 * 4096L, "used " + used);
        for (int fd : many.files.open()) many.close(fd);
        assertEquals(before, guest.network().buffers.used());
    }
}
