package podium.pod;

import java.net.InetAddress;
import java.util.List;

/// Where a guest may connect to outside its pod. Empty means nowhere; inside the pod, loopback
/// always works. Judged by the resolved address, which is then the one connected to.
///
/// @param rules the first that matches decides
/// @param resolve whether host names may be looked up with the host's resolver
public record NetworkGrants(List<Rule> rules, boolean resolve) {

    /// No network but the pod's own loopback.
    public static final NetworkGrants NONE = new NetworkGrants(List.of(), false);

    public NetworkGrants {
        rules = List.copyOf(rules);
    }

    /// Whether a connection is granted.
    public boolean allows(InetAddress address, int port) {
        for (var rule : rules) if (rule.matches(address, port)) return rule.allow();
        return false;
    }

    /// One rule.
    ///
    /// @param network an address in text form with a prefix length, such as `10.0.0.0/8` or `::/0`
    /// @param firstPort, lastPort a range, inclusive
    public record Rule(boolean allow, String network, int firstPort, int lastPort) {

        /// @throws IllegalArgumentException the network or the ports make no sense
        public Rule {
            if (firstPort < 0 || lastPort > 65_535 || firstPort > lastPort)
                throw new IllegalArgumentException("no port range: " + firstPort + "-" + lastPort);
            parse(network);
        }

        boolean matches(InetAddress address, int port) {
            if (port < firstPort || port > lastPort) return false;
            var parsed = parse(network);
            var a = address.getAddress();
            var n = parsed.address();
            if (a.length != n.length) return false;
            for (int bit = 0; bit < parsed.prefix(); bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((a[bit >> 3] & mask) != (n[bit >> 3] & mask)) return false;
            }
            return true;
        }

        private record Parsed(byte[] address, int prefix) {}

        private static Parsed parse(String network) {
            int slash = network.indexOf('/');
            if (slash < 0)
                throw new IllegalArgumentException("a network is ADDRESS/PREFIX, not " + network);
            try {
                var address = InetAddress.ofLiteral(network.substring(0, slash)).getAddress();
                int prefix = Integer.parseInt(network.substring(slash + 1));
                if (prefix < 0 || prefix > address.length * 8) throw new IllegalArgumentException();
                return new Parsed(address, prefix);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "a network is ADDRESS/PREFIX, not " + network, e);
            }
        }
    }
}
