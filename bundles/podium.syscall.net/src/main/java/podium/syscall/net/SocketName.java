package podium.syscall.net;

import java.net.InetAddress;

/// A socket's address, of whatever family.
sealed interface SocketName {

    /// `AF_*`.
    int family();

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
