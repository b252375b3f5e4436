package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_INET;
import static podium.syscall.net.SocketConstants.AF_INET6;
import static podium.syscall.net.SocketConstants.AF_NETLINK;
import static podium.syscall.net.SocketConstants.AF_UNIX;
import static podium.syscall.net.SocketConstants.AF_UNSPEC;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;

/// `struct sockaddr_in`, `sockaddr_in6`, `sockaddr_un`, `sockaddr_nl` in guest memory.
final class SockAddr {

    /// sizeof(struct sockaddr_storage).
    private static final int MAX = 128;

    private static final int IN = 16;
    private static final int IN6 = 28;

    /// RFC 2133's sockaddr_in6 had no scope; Linux still takes it.
    private static final int IN6_MIN = 24;

    private static final int NL = 12;
    private static final int UN_PATH = 108;

    private SockAddr() {}

    /// Reads an address that a guest gave.
    ///
    /// @throws podium.syscall.ErrnoException `EINVAL`, `EAFNOSUPPORT`, `EFAULT`
    static SocketName read(GuestMemory memory, int address, int length) {
        if (length < 2 || length > MAX) throw Errno.EINVAL.exception();
        int family = memory.getShort(address) & 0xffff;
        return switch (family) {
            case AF_UNSPEC -> new SocketName.Unnamed(AF_UNSPEC);
            case AF_INET -> inet(memory, address, length, IN, 4, 4);
            case AF_INET6 -> inet(memory, address, length, IN6_MIN, 8, 16);
            case AF_UNIX -> unix(memory, address, length);
            case AF_NETLINK -> {
                if (length < NL) throw Errno.EINVAL.exception();
                yield new SocketName.Netlink(memory.getInt(address + 4));
            }
            default -> throw Errno.EAFNOSUPPORT.exception();
        };
    }

    private static SocketName inet(
            GuestMemory memory, int address, int length, int least, int at, int size) {
        if (length < least) throw Errno.EINVAL.exception();
        int port = Short.toUnsignedInt(Short.reverseBytes(memory.getShort(address + 2)));
        var bytes = memory.bytes(address + at, size);
        return new SocketName.Inet(size == 4 ? AF_INET : AF_INET6, address(bytes), port);
    }

    private static SocketName unix(GuestMemory memory, int address, int length) {
        if (length > 2 + UN_PATH) throw Errno.EINVAL.exception();
        if (length == 2) return new SocketName.Unnamed(AF_UNIX);
        var path = memory.bytes(address + 2, length - 2);
        if (path[0] == 0)
            return new SocketName.Abstract(
                    new String(path, 1, path.length - 1, StandardCharsets.ISO_8859_1));
        int end = 0;
        while (end < path.length && path[end] != 0) end++;
        return new SocketName.Path(LinuxString.decode(java.util.Arrays.copyOf(path, end)));
    }

    /// Writes an address where a guest wants it, cut off at the room it has, and tells the full
    /// length.
    ///
    /// @param family of the socket that shows it
    /// @param address nothing happens when 0
    /// @param lengthAddress `socklen_t*`, in and out
    static void write(
            GuestMemory memory, SocketName name, int family, int address, int lengthAddress) {
        if (address == 0) return;
        int room = memory.getInt(lengthAddress);
        if (room < 0) throw Errno.EINVAL.exception();
        var bytes = encode(name, family);
        copy(memory, bytes, address, room);
        memory.putInt(lengthAddress, bytes.length);
    }

    static void copy(GuestMemory memory, byte[] bytes, int address, int room) {
        memory.put(address, room < bytes.length ? java.util.Arrays.copyOf(bytes, room) : bytes);
    }

    /// The bytes of a `struct sockaddr`.
    static byte[] encode(SocketName name, int family) {
        return switch (name) {
            case SocketName.Inet inet -> encode(inet, family == AF_INET6);
            case SocketName.Path path -> {
                var text = LinuxString.encode(path.path());
                var bytes = start(2 + text.length + 1, AF_UNIX);
                System.arraycopy(text, 0, bytes, 2, text.length);
                yield bytes;
            }
            case SocketName.Abstract abstracted -> {
                var text = abstracted.name().getBytes(StandardCharsets.ISO_8859_1);
                var bytes = start(3 + text.length, AF_UNIX);
                System.arraycopy(text, 0, bytes, 3, text.length);
                yield bytes;
            }
            case SocketName.Netlink netlink -> {
                var bytes = start(NL, AF_NETLINK);
                java.nio.ByteBuffer.wrap(bytes)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .putInt(4, netlink.port());
                yield bytes;
            }
            case SocketName.Unnamed unnamed -> start(2, unnamed.family());
        };
    }

    private static byte[] encode(SocketName.Inet name, boolean six) {
        var raw = name.address().getAddress();
        var bytes = start(six ? IN6 : IN, six ? AF_INET6 : AF_INET);
        bytes[2] = (byte) (name.port() >> 8);
        bytes[3] = (byte) name.port();
        if (!six) System.arraycopy(raw, 0, bytes, 4, 4);
        else if (raw.length == 16) System.arraycopy(raw, 0, bytes, 8, 16);
        // The IPv4 wildcard of a dual-stack socket is shown as ::.
        else if (!name.address().isAnyLocalAddress()) {
            bytes[18] = bytes[19] = (byte) 0xff;
            System.arraycopy(raw, 0, bytes, 20, 4);
        }
        return bytes;
    }

    /// A name as a socket of a domain shows it: with an IPv6 address, a mapped one for IPv4, for
    /// AF_INET6.
    static InetSocketAddress shown(SocketName.Inet name, int domain) {
        var bytes = encode(name, domain);
        try {
            var address =
                    domain == AF_INET6
                            ? Inet6Address.getByAddress(null, Arrays.copyOfRange(bytes, 8, 24), -1)
                            : InetAddress.getByAddress(Arrays.copyOfRange(bytes, 4, 8));
            return new InetSocketAddress(address, name.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static byte[] start(int size, int family) {
        var bytes = new byte[size];
        bytes[0] = (byte) family;
        return bytes;
    }

    /// An address of 4 or 16 bytes; a mapped one becomes an [Inet4Address].
    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
