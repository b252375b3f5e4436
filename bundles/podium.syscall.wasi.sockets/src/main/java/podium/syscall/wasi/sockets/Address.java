package podium.syscall.wasi.sockets;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import podium.syscall.Errno;
import podium.syscall.GuestMemory;

/// Addresses in guest memory (`__wasi_address_t`): the address and the length of a buffer. With 4
/// or
/// 16 bytes that is an address of IPv4 or IPv6; with 128 the family comes before it. Ports are
/// numbers of their own.
final class Address {

    /// `__wasi_address_family_t`.
    static final int INET4 = 1;

    static final int INET6 = 2;

    private static final int STORAGE = 128;
    private static final int PORTS = 65_536;

    private Address() {}

    /// @param at of the `__wasi_address_t`
    /// @throws podium.syscall.ErrnoException `EINVAL`, `EAFNOSUPPORT`, `EFAULT`
    static InetSocketAddress read(GuestMemory memory, int at, int port) {
        if (port < 0 || port >= PORTS) throw Errno.EINVAL.exception();
        int buffer = memory.getInt(at);
        var bytes =
                switch (memory.getInt(at + 4)) {
                    case 4 -> memory.bytes(buffer, 4);
                    case 16 -> memory.bytes(buffer, 16);
                    case STORAGE -> memory.bytes(buffer + 2, size(memory.getShort(buffer)));
                    default -> throw Errno.EINVAL.exception();
                };
        return new InetSocketAddress(address(bytes), port);
    }

    private static int size(short family) {
        return switch (family) {
            case INET4 -> 4;
            case INET6 -> 16;
            default -> throw Errno.EAFNOSUPPORT.exception();
        };
    }

    /// IPv6 stays IPv6: a mapped address is for a socket of that.
    static InetAddress address(byte[] bytes) {
        try {
            return bytes.length == 16
                    ? Inet6Address.getByAddress(null, bytes, -1)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// @param at of the `__wasi_address_t`, whose buffer has room for it
    /// @throws podium.syscall.ErrnoException `EINVAL` when it has not; `EFAULT`
    static void write(GuestMemory memory, int at, InetAddress address) {
        var bytes = address.getAddress();
        int buffer = memory.getInt(at);
        int room = memory.getInt(at + 4);
        if (room < bytes.length) throw Errno.EINVAL.exception();
        if (room < STORAGE) {
            memory.put(buffer, bytes);
            return;
        }
        memory.slice(buffer, STORAGE);
        memory.putShort(buffer, (short) family(address));
        memory.put(buffer + 2, bytes);
    }

    static int family(InetAddress address) {
        return address instanceof Inet4Address ? INET4 : INET6;
    }
}
