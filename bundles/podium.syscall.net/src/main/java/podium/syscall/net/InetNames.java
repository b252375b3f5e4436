package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_INET;
import static podium.syscall.net.SocketConstants.AF_INET6;
import static podium.syscall.net.SocketConstants.AF_UNSPEC;

import java.net.Inet4Address;
import podium.syscall.Errno;
import podium.syscall.Process;

/// What names an internet socket takes.
final class InetNames {

    /// net.ipv4.ip_unprivileged_port_start.
    private static final int UNPRIVILEGED = 1024;

    private InetNames() {}

    /// The name to bind to.
    ///
    /// @throws podium.syscall.ErrnoException `EAFNOSUPPORT`, `EINVAL`, `EADDRNOTAVAIL`, `EACCES`
    static SocketName.Inet checkBind(Process process, SocketName name, Socket socket) {
        if (name.family() == AF_UNSPEC || !(name instanceof SocketName.Inet inet))
            throw Errno.EAFNOSUPPORT.exception();
        if (inet.family() != socket.domain)
            throw (socket.domain == AF_INET6 ? Errno.EINVAL : Errno.EAFNOSUPPORT).exception();
        var address = inet.address();
        if (socket.options.onlySix && address instanceof Inet4Address)
            throw Errno.EINVAL.exception();
        if (!PodNetwork.local(address) && !address.isMulticastAddress())
            throw Errno.EADDRNOTAVAIL.exception();
        if (inet.port() > 0 && inet.port() < UNPRIVILEGED && process.credentials().euid() != 0)
            throw Errno.EACCES.exception();
        return inet;
    }

    /// The name to connect or send to.
    ///
    /// @throws podium.syscall.ErrnoException `EAFNOSUPPORT`, `ENETUNREACH`
    static SocketName.Inet checkPeer(SocketName name, Socket socket) {
        if (!(name instanceof SocketName.Inet inet)) throw Errno.EAFNOSUPPORT.exception();
        if (inet.family() != socket.domain) {
            // UDP over IPv6 takes plain IPv4 addresses, too.
            if (inet.family() != AF_INET || socket.type != SocketConstants.SOCK_DGRAM)
                throw Errno.EAFNOSUPPORT.exception();
        }
        if (socket.domain == AF_INET6
                && socket.options.onlySix
                && inet.address() instanceof Inet4Address) throw Errno.ENETUNREACH.exception();
        return inet;
    }
}
