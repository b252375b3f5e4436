package podium.portal.tcp;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import podium.portal.mina.RuleOptions;

/// A rule's options over the transport's configuration.
///
/// @param port of the host, 0 for a free one
/// @param idle seconds, 0 for never
record Options(String host, int port, int connections, int idle) {

    private static final List<String> NAMES = List.of("host", "port", "connections", "idle");

    /// @throws IOException an option makes no sense; one line for people
    static Options of(TcpConfig config, Map<String, String> given) throws IOException {
        var options = new RuleOptions("tcp", given, NAMES);
        return new Options(
                options.text("host", config.host()),
                options.port(0),
                options.number("connections", config.connections(), Integer.MAX_VALUE),
                options.number("idle", config.idle(), Integer.MAX_VALUE));
    }
}
