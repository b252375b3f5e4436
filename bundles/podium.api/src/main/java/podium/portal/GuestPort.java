package podium.portal;

import java.io.IOException;
import podium.pod.PortalRule;

/// A TCP port that a guest listens on, seen from the host. Thread-safe.
public interface GuestPort {

    /// The pod's name.
    String pod();

    /// 1 to 65535.
    int port();

    /// The pod's rules for exposing ports.
    java.util.List<PortalRule> rules();

    /// Connects, as a client inside the pod would.
    ///
    /// @param peer what the guest sees as the other end's address
    /// @throws IOException the guest does not listen any more, or its backlog is full
    Connection connect(java.net.InetSocketAddress peer) throws IOException;
}
