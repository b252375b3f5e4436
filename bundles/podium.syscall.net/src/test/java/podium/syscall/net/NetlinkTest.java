package podium.syscall.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static podium.syscall.net.SocketConstants.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;

/// What getifaddrs(3) asks for.
class NetlinkTest {

    private final TestGuest guest = new TestGuest();

    private String request(int type, int flags) {
        var bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(20).putShort((short) type).putShort((short) flags).putInt(77).putInt(0);
        return new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }

    private ByteBuffer receive(int fd) {
        var bytes = guest.receive(fd, 8192, 0).getBytes(StandardCharsets.ISO_8859_1);
        var message = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(bytes.length, message.getInt(0));
        assertEquals(77, message.getInt(8));
        return message;
    }

    @Test
    void listsLinksAndAddresses() {
        int fd = guest.socket(AF_NETLINK, SOCK_RAW);
        guest.send(fd, request(18, 0x301));
        var names = new ArrayList<String>();
        for (ByteBuffer link; (link = receive(fd)).getShort(4) == 16; ) {
            assertEquals(3, link.getShort(34)); // IFLA_IFNAME comes first
            names.add(
                    new String(link.array(), 36, link.getShort(32) - 5, StandardCharsets.US_ASCII));
        }
        assertEquals(List.of("lo", "eth0"), names);
        guest.send(fd, request(22, 0x301));
        var addresses = new ArrayList<String>();
        for (ByteBuffer address; (address = receive(fd)).getShort(4) == 20; ) {
            var raw = new byte[address.getShort(24) - 4];
            address.get(28, raw);
            addresses.add(SockAddr.address(raw).getHostAddress() + "/" + address.get(17));
        }
        assertEquals(List.of("127.0.0.1/8", "10.0.2.15/24", "0:0:0:0:0:0:0:1/-128"), addresses);
        assertEquals("-EAGAIN", guest.receive(fd, 100, MSG_DONTWAIT));
    }

    @Test
    void nothingElse() {
        int fd = guest.socket(AF_NETLINK, SOCK_RAW);
        guest.send(fd, request(20, 1));
        var error = receive(fd);
        assertEquals(2, error.getShort(4));
        assertEquals(Errno.EOPNOTSUPP.negated(), error.getInt(16));
        guest.send(fd, "\0\0\0\0garbage that is long enough");
        assertEquals("-EAGAIN", guest.receive(fd, 100, MSG_DONTWAIT));
        assertEquals(
                Errno.EPROTONOSUPPORT.negated(),
                guest.call(() -> guest.sockets.socket(guest.task, AF_NETLINK, SOCK_RAW, 9)));
    }
}
