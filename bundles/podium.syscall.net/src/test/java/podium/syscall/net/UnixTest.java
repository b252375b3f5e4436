package podium.syscall.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.syscall.Pollable.*;
import static podium.syscall.net.SocketConstants.*;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.syscall.Errno;

/// AF_UNIX in a pod, against what Linux does.
class UnixTest {

    private static final int HEADER = 0x20000;
    private static final int CONTROL = 0x21000;
    private static final int VECTOR = 0x22000;

    private final TestGuest guest = new TestGuest();

    private int[] pair(int type) {
        int n = guest.call(() -> guest.sockets.socketpair(guest.task, AF_UNIX, type, 0, 0x2000));
        assertEquals(0, n);
        return new int[] {guest.memory.getInt(0x2000), guest.memory.getInt(0x2004)};
    }

    @Test
    void streamPairs() {
        int[] pair = pair(SOCK_STREAM);
        guest.send(pair[0], "a");
        guest.send(pair[0], "b");
        assertEquals("ab", guest.receive(pair[1]));
        guest.close(pair[0]);
        assertEquals("", guest.receive(pair[1]));
        assertEquals(IN | OUT | HUP | RDHUP, guest.readiness(pair[1]));
        // Unlike TCP, the first write fails.
        assertEquals(Errno.EPIPE.negated(), guest.send(pair[1], "x"));
        assertEquals(List.of(SIGPIPE), guest.signals);
    }

    @Test
    void closingWithUnreadBytesResets() {
        int[] pair = pair(SOCK_STREAM);
        guest.send(pair[0], "unread");
        guest.close(pair[1]);
        assertEquals("-ECONNRESET", guest.receive(pair[0]));
        assertEquals("", guest.receive(pair[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {SOCK_STREAM, SOCK_SEQPACKET})
    void abstractNames(int type) {
        int listener = guest.socket(AF_UNIX, type);
        assertEquals(0, guest.bind(listener, "@name", 0));
        int second = guest.socket(AF_UNIX, type);
        assertEquals(Errno.EADDRINUSE.negated(), guest.bind(second, "@name", 0));
        assertEquals(Errno.ECONNREFUSED.negated(), guest.connect(second, "@name", 0));
        assertEquals(0, guest.listen(listener, 1));
        assertEquals(Errno.ECONNREFUSED.negated(), guest.connect(second, "@nobody", 0));
        assertEquals(0, guest.connect(second, "@name", 0));
        assertEquals(IN, guest.readiness(listener));
        int server = guest.accept(listener);
        guest.send(second, "hello");
        assertEquals("hello", guest.receive(server));
        guest.send(server, "back");
        assertEquals("back", guest.receive(second));
        int other = guest.socket(AF_UNIX, SOCK_DGRAM);
        assertEquals(Errno.EPROTOTYPE.negated(), guest.connect(other, "@name", 0));
        guest.close(listener);
        int third = guest.socket(AF_UNIX, type);
        assertEquals(Errno.ECONNREFUSED.negated(), guest.connect(third, "@name", 0));
    }

    @Test
    void theBacklogIsBounded() {
        int listener = guest.socket(AF_UNIX, SOCK_STREAM);
        guest.bind(listener, "@full", 0);
        guest.listen(listener, 0);
        int first = guest.socket(AF_UNIX, SOCK_STREAM);
        assertEquals(0, guest.connect(first, "@full", 0));
        int second = guest.socket(AF_UNIX, SOCK_STREAM);
        guest.nonBlocking(second);
        assertEquals(Errno.EAGAIN.negated(), guest.connect(second, "@full", 0));
        guest.accept(listener);
        assertEquals(0, guest.connect(second, "@full", 0));
        guest.close(listener);
        assertEquals("-ECONNRESET", guest.receive(second));
    }

    @Test
    void packetsKeepTheirBoundaries() {
        int[] pair = pair(SOCK_SEQPACKET);
        guest.send(pair[0], "one");
        guest.send(pair[0], "two!");
        assertEquals("on", guest.receive(pair[1], 2, 0));
        assertEquals("two!", guest.receive(pair[1]));
        guest.shutdown(pair[0], SHUT_WR);
        assertEquals("", guest.receive(pair[1]));
        guest.close(pair[1]);
        assertEquals(Errno.EPIPE.negated(), guest.send(pair[0], "x", MSG_NOSIGNAL));
    }

    @Test
    void datagramsWaitForRoom() {
        int server = guest.socket(AF_UNIX, SOCK_DGRAM);
        guest.bind(server, "@dgram", 0);
        int client = guest.socket(AF_UNIX, SOCK_DGRAM);
        assertEquals(0, guest.connect(client, "@dgram", 0));
        guest.nonBlocking(client);
        int sent = 0;
        while (guest.send(client, "x".repeat(10_000)) > 0) sent++;
        assertTrue(sent > 10 && sent < 30, "sent " + sent);
        assertEquals(Errno.EAGAIN.negated(), guest.send(client, "x"));
        guest.receive(server);
        assertEquals(1, guest.send(client, "x"));
        assertEquals(Errno.EMSGSIZE.negated(), guest.send(client, "x".repeat(300_000)));
        guest.close(server);
        assertEquals(Errno.ECONNREFUSED.negated(), guest.send(client, "x"));
    }

    /// Sends a byte with descriptors.
    private int sendFiles(int fd, int... files) {
        var memory = guest.memory;
        memory.clear(HEADER, 28);
        memory.putInt(VECTOR, TestGuest.BUFFER);
        memory.putInt(VECTOR + 4, 1);
        memory.putInt(HEADER + 8, VECTOR);
        memory.putInt(HEADER + 12, 1);
        memory.putInt(HEADER + 16, CONTROL);
        memory.putInt(HEADER + 20, 12 + 4 * files.length);
        memory.putInt(CONTROL, 12 + 4 * files.length);
        memory.putInt(CONTROL + 4, SOL_SOCKET);
        memory.putInt(CONTROL + 8, SCM_RIGHTS);
        for (int i = 0; i < files.length; i++) memory.putInt(CONTROL + 12 + i * 4, files[i]);
        return guest.call(() -> guest.messages.sendmsg(guest.task, fd, HEADER, 0));
    }

    /// @return bytes received
    private int receiveFiles(int fd, int room, int control) {
        var memory = guest.memory;
        memory.clear(HEADER, 28);
        memory.putInt(VECTOR, TestGuest.BUFFER);
        memory.putInt(VECTOR + 4, room);
        memory.putInt(HEADER + 8, VECTOR);
        memory.putInt(HEADER + 12, 1);
        memory.putInt(HEADER + 16, CONTROL);
        memory.putInt(HEADER + 20, control);
        return guest.call(() -> guest.messages.recvmsg(guest.task, fd, HEADER, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {SOCK_STREAM, SOCK_SEQPACKET})
    void passesDescriptors(int type) {
        int[] pair = pair(type);
        int[] passed = pair(SOCK_STREAM);
        guest.send(pair[0], "before");
        assertEquals(1, sendFiles(pair[0], passed[0]));
        guest.send(pair[0], "after");
        guest.close(passed[0]);
        assertEquals(6, receiveFiles(pair[1], 6, 64));
        assertEquals(0, guest.memory.getInt(HEADER + 20));
        int n = receiveFiles(pair[1], 100, 64);
        assertEquals(1, n);
        assertEquals(16, guest.memory.getInt(HEADER + 20));
        assertEquals(16, guest.memory.getInt(CONTROL));
        int received = guest.memory.getInt(CONTROL + 12);
        guest.send(passed[1], "through");
        assertEquals("through", guest.receive(received));
        assertEquals(0, guest.network().filesInFlight.get());
    }

    @Test
    void descriptorsNobodyTakesAreClosed() {
        int[] pair = pair(SOCK_STREAM);
        int[] passed = pair(SOCK_STREAM);
        sendFiles(pair[0], passed[0], passed[0]);
        guest.close(passed[0]);
        assertEquals(OUT, guest.readiness(passed[1]));
        // Room for one of two.
        assertEquals(1, receiveFiles(pair[1], 100, 16));
        assertEquals(MSG_CTRUNC, guest.memory.getInt(HEADER + 24) & MSG_CTRUNC);
        guest.close(guest.memory.getInt(CONTROL + 12));
        assertEquals(HUP, guest.readiness(passed[1]) & HUP);

        passed = pair(SOCK_STREAM);
        sendFiles(pair[0], passed[0]);
        guest.close(passed[0]);
        guest.receive(pair[1]); // read(2) and recv(2) drop them
        assertEquals(HUP, guest.readiness(passed[1]) & HUP);

        passed = pair(SOCK_STREAM);
        sendFiles(pair[0], passed[0]);
        guest.close(passed[0]);
        guest.close(pair[1]);
        assertEquals(HUP, guest.readiness(passed[1]) & HUP);
        assertEquals(0, guest.network().filesInFlight.get());
    }

    @Test
    void filesInFlightAreBounded() {
        int[] pair = pair(SOCK_STREAM);
        int[] many = new int[200];
        java.util.Arrays.fill(many, pair[0]);
        int failed = 0;
        for (int i = 0; i < 10; i++) if (sendFiles(pair[0], many) < 0) failed++;
        assertEquals(5, failed);
        assertEquals(Errno.ETOOMANYREFS.negated(), sendFiles(pair[0], many));
        int[] tooMany = new int[254];
        java.util.Arrays.fill(tooMany, pair[0]);
        assertEquals(Errno.EINVAL.negated(), sendFiles(pair[0], tooMany));
        assertEquals(Errno.EBADF.negated(), sendFiles(pair[0], 99));
    }

    @Test
    void hostileControlMessages() {
        int[] pair = pair(SOCK_STREAM);
        sendFiles(pair[0], pair[0]);
        for (int length : new int[] {0, 11, 17, -1, Integer.MAX_VALUE}) {
            guest.memory.putInt(CONTROL, length);
            int n = guest.call(() -> guest.messages.sendmsg(guest.task, pair[0], HEADER, 0));
            assertEquals(Errno.EINVAL.negated(), n, "length " + length);
        }
        guest.memory.putInt(HEADER + 20, -1);
        assertEquals(
                Errno.ENOBUFS.negated(),
                guest.call(() -> guest.messages.sendmsg(guest.task, pair[0], HEADER, 0)));
    }

    @Test
    void knowsThePeersProcess() {
        int[] pair = pair(SOCK_STREAM);
        assertEquals(7, guest.option(pair[0], SOL_SOCKET, OptionCalls.SO_PEERCRED));
        assertEquals(SOCK_STREAM, guest.option(pair[0], SOL_SOCKET, OptionCalls.SO_TYPE));
        assertEquals(AF_UNIX, guest.option(pair[0], SOL_SOCKET, OptionCalls.SO_DOMAIN));
    }
}
