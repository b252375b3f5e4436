package podium.syscall;

import java.net.InetAddress;
import java.util.List;

/// Makes sockets, and looks names up, for families of other ABIs than Linux's and for processes
/// that
/// are thawed: all in the process's pod, and within what that is granted. A service of whoever has
/// the
/// pods' networks.
///
/// Thread-safe.
public interface Sockets {

    /// socket(2): of TCP, or of UDP, with a count of one.
    ///
    /// @param six whether it is of IPv6 (AF_INET6), else of IPv4 (AF_INET)
    /// @param stream whether it carries a stream (SOCK_STREAM), else datagrams (SOCK_DGRAM)
    /// @throws ErrnoException `ENFILE` at the pod's limit
    SocketFile socket(Task task, boolean six, boolean stream);

    /// Makes a socket as one was that was frozen, with a count of one: at its name, and listening
    /// if
    /// it did. One that was connected has been reset by its peer.
    ///
    /// @param process whose it will be, in the pod that it is made in
    /// @param frozen of [SocketFile#freeze()]; from whoever it is
    /// @throws ErrnoException `ENFILE`, `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`; `EINVAL`: it is
    ///     nothing of the kind
    SocketFile thaw(Process process, byte[] frozen);

    /// Begins to look a host's name up, as the pod's name server does. Addresses in text form are
    /// no names.
    Lookup lookUp(Task task, String name);

    /// A name that is being looked up; `IN`-ready when that is done.
    interface Lookup extends Pollable {

        /// The host's addresses, none if there is no such host that the pod may know of.
        ///
        /// @throws ErrnoException `EAGAIN` when too many names are being looked up
        /// @throws IllegalStateException it is not done yet
        List<InetAddress> addresses();
    }
}
