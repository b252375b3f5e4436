package podium.syscall.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A socket's address, of whatever family.
sealed interface SocketName {

    /// `AF_*`.
    int family();

    /// An address as a socket of a domain is given it: IPv4 ones are mapped for AF_INET6.
    static Inet of(InetSocketAddress address, int domain) {
        boolean six = address.getAddress() instanceof Inet6Address;
        int family = six ? SocketConstants.AF_INET6 : domain;
        // A mapped one that was kept as such becomes the IPv4 address it stands for.
        return new Inet(
                family, SockAddr.address(address.getAddress().getAddress()), address.getPort());
    }

    /// ip(7), ipv6(7). An IPv4-mapped IPv6 address is kept as the IPv4 address it stands for, as
    /// [InetAddress] does; it is mapped again where an AF_INET6 socket shows it.
    ///
    /// @param family what the guest gave: `AF_INET6` for a mapped address, too
    record Inet(int family, InetAddress address, int port) implements SocketName {}

    /// unix(7), a name in the file system.
    record Path(String path) implements SocketName {

        @Override
        public int family() {
            return SocketConstants.AF_UNIX;
        }
    }

    /// unix(7), a name in the pod's abstract namespace.
    ///
    /// @param name the bytes behind the NUL, each as one char
    record Abstract(String name) implements SocketName {

        @Override
        public int family() {
            return SocketConstants.AF_UNIX;
        }
    }

    /// netlink(7).
    record Netlink(int port) implements SocketName {

        @Override
        public int family() {
            return SocketConstants.AF_NETLINK;
        }
    }

    /// An address of no more than a family: AF_UNSPEC, which dissolves an association, or an
    /// unnamed
    /// AF_UNIX socket.
    record Unnamed(int family) implements SocketName {}
}
