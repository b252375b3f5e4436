package podium.portal.http;

import java.io.IOException;
import java.util.Map;

/// A rule's options over the transport's configuration.
///
/// @param host address to bind to
/// @param port of the host, 0 for a free one
/// @param name the host name that leads to the guest, or empty for the usual one
/// @param forwarded whether the guest is told of the client in `X-Forwarded-*`
record Options(String host, int port, String name, boolean forwarded) {

    /// @throws IOException an option makes no sense; one line for people
    static Options of(HttpConfig config, Map<String, String> options) throws IOException {
        for (var name : options.keySet())
            switch (name) {
                case "host", "port", "name", "forwarded" -> {}
                default ->
                        throw new IOException(
                                "an http portal has options host, port, name and forwarded, not "
                                        + name);
            }
        return new Options(
                options.getOrDefault("host", config.host()),
                port(options.get("port"), config.port()),
                name(options.getOrDefault("name", "")),
                flag(options.getOrDefault("forwarded", "true")));
    }

    private static int port(@org.jspecify.annotations.Nullable String text, int byDefault)
            throws IOException {
        if (text == null) return byDefault;
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) return port;
        } catch (NumberFormatException e) {
            throw new IOException("option port is a number, not '" + text + "'", e);
        }
        throw new IOException("option port is 0 to 65535, not " + text);
    }

    private static String name(String text) throws IOException {
        if (text.isEmpty() || text.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) return text;
        throw new IOException("option name is a host name in lower case, not '" + text + "'");
    }

    private static boolean flag(String text) throws IOException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IOException("option forwarded is true or false, not " + text);
        };
    }
}
