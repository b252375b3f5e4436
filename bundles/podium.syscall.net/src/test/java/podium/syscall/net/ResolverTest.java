package podium.syscall.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static podium.syscall.net.SocketConstants.*;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.pod.NetworkGrants;

@Timeout(30)
class ResolverTest {

    private static final int A = 1;
    private static final int AAAA = 28;

    private static byte[] query(String name, int type) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (var label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
        return out.toByteArray();
    }

    /// The code and the addresses, such as `0 127.0.0.1`.
    private static String ask(TestGuest guest, String server, String name, int type) {
        int fd = guest.socket(AF_INET, SOCK_DGRAM);
        var query = query(name, type);
        guest.sendTo(fd, new String(query, StandardCharsets.ISO_8859_1), server, 53);
        var text = guest.receive(fd);
        guest.close(fd);
        var reply = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(0x1234, reply.getShort());
        int flags = reply.getShort() & 0xffff;
        assertEquals(0x8180, flags & 0xfff0);
        var answer = new StringBuilder().append(flags & 15);
        assertEquals(1, reply.getShort());
        int count = reply.getShort();
        reply.position(query.length);
        for (int i = 0; i < count; i++) {
            reply.position(reply.position() + 10);
            var address = new byte[reply.getShort()];
            reply.get(address);
            answer.append(' ').append(SockAddr.address(address).getHostAddress());
        }
        return answer.toString();
    }

    private final TestGuest guest = new TestGuest();

    @Test
    void knowsItself() {
        assertEquals("0 127.0.0.1", ask(guest, "127.0.0.53", "localhost", A));
        assertEquals("0 0:0:0:0:0:0:0:1", ask(guest, "127.0.0.53", "LocalHost", AAAA));
        assertEquals("0 127.0.0.1", ask(guest, "127.0.0.1", "app.localhost", A));
        assertEquals("0 10.0.2.15", ask(guest, "127.0.0.53", "pod", A));
        assertEquals("0", ask(guest, "127.0.0.53", "pod", AAAA));
    }

    @Test
    void knowsNothingElseUnlessGranted() {
        assertEquals("3", ask(guest, "127.0.0.53", "example.com", A));
    }

    @Test
    void asksTheHostWhenGranted() {
        var granted =
                new TestGuest(
                        new Networks(), TestGuest.Pod.of(new NetworkGrants(List.of(), true)), 16);
        assertEquals("3", ask(granted, "127.0.0.53", "no-such-name.invalid", A));
        assertEquals("3", ask(granted, "127.0.0.53", "127.0.0.1", A));
        assertEquals("3", ask(granted, "127.0.0.53", "a b", A));
    }

    @Test
    void aGuestMayServeNamesItself() {
        int server = guest.socket(AF_INET, SOCK_DGRAM);
        guest.bind(server, "127.0.0.1", 53);
        int client = guest.socket(AF_INET, SOCK_DGRAM);
        guest.sendTo(client, "for the guest", "127.0.0.1", 53);
        assertEquals("for the guest", guest.receive(server));
    }

    @Test
    void whatIsNoQueryIsDropped() {
        assertNull(DnsMessage.question(new byte[0]));
        assertNull(DnsMessage.question(new byte[11]));
        assertNull(DnsMessage.question(new byte[600]));
        var compressed = query("x", A);
        compressed[12] = (byte) 0xc0;
        assertNull(DnsMessage.question(compressed));
        var cut = java.util.Arrays.copyOf(query("localhost", A), 15);
        assertNull(DnsMessage.question(cut));
        var answer = query("x", A);
        answer[2] |= (byte) 0x80;
        assertNull(DnsMessage.question(answer));
        var two = query("x", A);
        two[5] = 2;
        assertNull(DnsMessage.question(two));
    }

    @Test
    void longAnswersAreCutToWhatFits() throws Exception {
        var many = new InetAddress[100];
        java.util.Arrays.fill(many, InetAddress.getByName("192.0.2.1"));
        var question = DnsMessage.question(query("x", A));
        var answer = question.answer(List.of(many));
        assertEquals(30, answer[7]);
        assertEquals(499, answer.length);
    }
}
