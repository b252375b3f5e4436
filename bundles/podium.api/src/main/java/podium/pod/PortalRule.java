package podium.pod;

import java.util.Map;

/// Which guest ports open a portal by themselves, when a guest listens on them.
///
/// @param scheme of the transport, such as `http`
/// @param guestPort the port, or 0 for every one
/// @param options the transport's own, such as `port` for the host's
public record PortalRule(String scheme, int guestPort, Map<String, String> options) {

    public PortalRule {
        options = Map.copyOf(options);
        if (guestPort < 0 || guestPort > 65_535)
            throw new IllegalArgumentException("no port: " + guestPort);
    }

    public static PortalRule of(String scheme) {
        return new PortalRule(scheme, 0, Map.of());
    }

    public static PortalRule of(String scheme, int guestPort) {
        return new PortalRule(scheme, guestPort, Map.of());
    }
}
