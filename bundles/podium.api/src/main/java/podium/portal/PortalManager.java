package podium.portal;

import java.util.List;

/// Opens a portal for every listening guest port that its pod's rules expose, and closes it with
/// the port. A service. Thread-safe.
public interface PortalManager {

    /// The open portals, oldest first.
    List<Portal> portals();
}
