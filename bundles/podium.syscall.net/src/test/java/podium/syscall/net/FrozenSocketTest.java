package podium.syscall.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.syscall.Pollable.ERR;
import static podium.syscall.Pollable.HUP;
import static podium.syscall.Pollable.IN;
import static podium.syscall.Pollable.OUT;
import static podium.syscall.Pollable.RDHUP;
import static podium.syscall.net.SocketConstants.*;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import podium.pod.NetworkGrants;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// What of a socket is there again when its process is thawed, in another pod.
class FrozenSocketTest {

    /// The pod's limit, and some.
    private static final int MORE_THAN_FIT = 70_000;

    private final TestGuest before = new TestGuest();
    private final TestGuest after =
            new TestGuest(new Networks(), TestGuest.Pod.of(NetworkGrants.NONE), 64);

    private byte[] freeze(int fd) {
        return Objects.requireNonNull(((Socket) before.files.get(fd)).freeze());
    }

    private int thaw(TestGuest guest, byte[] state) {
        var socket = guest.networks.thaw(guest.task.process(), state);
        return guest.files.add(socket, false);
    }

    private int listening(int domain, String address, int port) {
        int fd = before.socket(domain, SOCK_STREAM);
        assertEquals(0, before.bind(fd, address, port));
        assertEquals(0, before.listen(fd, 3));
        return fd;
    }

    @Test
    void aListenerListensAgain() {
        int fd = listening(AF_INET, "127.0.0.1", 8080);
        int again = thaw(after, freeze(fd));
        assertEquals(8080, after.port(again));
        int client = after.socket(AF_INET, SOCK_STREAM);
        assertEquals(0, after.connect(client, "127.0.0.1", 8080));
        int accepted = after.accept(again);
        assertTrue(accepted >= 0);
        after.send(client, "hello");
        assertEquals("hello", after.receive(accepted));
    }

    @Test
    void oneOfIpv6TakesBothKindsAgain() {
        int fd = listening(AF_INET6, "::", 8080);
        int again = thaw(after, freeze(fd));
        int client = after.socket(AF_INET, SOCK_STREAM);
        assertEquals(0, after.connect(client, "127.0.0.1", 8080));
        assertTrue(after.accept(again) >= 0);
    }

    @Test
    void optionsGoAlong() {
        int fd = before.socket(AF_INET, SOCK_STREAM);
        var socket = (Socket) before.files.get(fd);
        var options = socket.options;
        options.reuseAddress = options.reusePort = options.noDelay = options.keepAlive = true;
        options.broadcast = options.passCredentials = true;
        options.linger = 5;
        options.receiveTimeout = 6;
        options.sendTimeout = 7;
        options.receiveBuffer = 10_000;
        options.sendBuffer = 20_000;
        options.others.put(9L, 10);
        var again = (Socket) after.files.get(thaw(after, freeze(fd)));
        assertArrayEquals(freeze(fd), again.freeze());
        assertEquals(5, again.options.linger);
        assertEquals(10, again.options.others.get(9L));
    }

    @Test
    void aConnectionIsReset() {
        int listener = listening(AF_INET, "127.0.0.1", 8080);
        int client = before.socket(AF_INET, SOCK_STREAM);
        before.connect(client, "127.0.0.1", 8080);
        int accepted = before.accept(listener);
        for (int fd : new int[] {client, accepted}) {
            int again = thaw(after, freeze(fd));
            assertEquals(IN | OUT | ERR | HUP | RDHUP, after.readiness(again));
            assertEquals("-ECONNRESET", after.receive(again));
            assertEquals("-ENOTCONN", after.receive(again));
            assertEquals(Errno.ECONNABORTED.negated(), after.connect(again, "127.0.0.1", 8080));
        }
    }

    @Test
    void datagramsArriveAgain() {
        int fd = before.socket(AF_INET, SOCK_DGRAM);
        assertEquals(0, before.bind(fd, "127.0.0.1", 5353));
        int again = thaw(after, freeze(fd));
        int client = after.socket(AF_INET, SOCK_DGRAM);
        after.sendTo(client, "one", "127.0.0.1", 5353);
        assertEquals("one", after.receive(again));
    }

    @Test
    void aNameThatIsTakenIsRefused() {
        int fd = listening(AF_INET, "127.0.0.1", 8080);
        var state = freeze(fd);
        thaw(after, state);
        for (int i = 0; i < MORE_THAN_FIT; i++) {
            var refused = assertThrows(ErrnoException.class, () -> thaw(after, state));
            assertEquals(Errno.EADDRINUSE, refused.errno());
        }
    }

    @Test
    void localSocketsHaveNothingOfTheirOwn() {
        int fd = before.socket(AF_UNIX, SOCK_STREAM);
        assertEquals(null, ((Socket) before.files.get(fd)).freeze());
    }

    /// Whatever the bytes are: a socket, or an error number.
    @Test
    void spoiledStatesHurtNobody() {
        var states =
                new byte[][] {
                    freeze(listening(AF_INET6, "::", 8080)),
                    freeze(before.socket(AF_INET, SOCK_DGRAM))
                };
        var random = new Random(1);
        int made = 0;
        for (int i = 0; i < MORE_THAN_FIT; i++) {
            var spoiled = states[i % 2].clone();
            for (int k = 0; k <= random.nextInt(3); k++)
                spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt();
            if (i % 5 == 0) spoiled = Arrays.copyOf(spoiled, random.nextInt(spoiled.length));
            try {
                after.networks.thaw(after.task.process(), spoiled).release();
                made++;
            } catch (ErrnoException e) {
                assertTrue(e.errno() != Errno.ENFILE, () -> "sockets are left");
            }
        }
        assertTrue(made > 1_000);
    }
}
