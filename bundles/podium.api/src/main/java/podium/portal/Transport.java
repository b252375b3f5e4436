package podium.portal;

import java.io.IOException;
import java.util.Map;

/// Brings guest ports to the world: a service, one a scheme.
public interface Transport {

    /// Such as `tcp` or `http`. Constant.
    String scheme();

    /// Exposes a guest port. Bound to loopback unless the transport's configuration or the options
    /// say otherwise.
    ///
    /// @param options of the rule that asked for it
    /// @throws IOException the address is in use or cannot be bound; one line for people
    Portal open(GuestPort port, Map<String, String> options) throws IOException;
}
