package podium.portal.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import podium.portal.mina.RuleOptions;

/// A rule's options over the transport's configuration.
///
/// @param host address to bind to
/// @param port of the host, 0 for a free one
/// @param name the host name that leads to the guest, or empty for the usual one
/// @param forwarded whether the guest is told of the client in `X-Forwarded-*`
record Options(String host, int port, String name, boolean forwarded) {

    private static final List<String> NAMES = List.of("host", "port", "name", "forwarded");

    /// @throws IOException an option makes no sense; one line for people
    static Options of(HttpConfig config, Map<String, String> given) throws IOException {
        var options = new RuleOptions("http", given, NAMES);
        return new Options(
                options.text("host", config.host()),
                options.port(config.port()),
                name(options.text("name", "")),
                options.flag("forwarded", true));
    }

    private static String name(String text) throws IOException {
        if (text.isEmpty() || text.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) return text;
        throw new IOException("option name is a host name in lower case, not '" + text + "'");
    }
}
