package podium.portal.tcp;

import java.io.IOException;
import java.util.Map;

/// A rule's options over the transport's configuration.
///
/// @param port of the host, 0 for a free one
/// @param idle seconds, 0 for never
record Options(String host, int port, int connections, int idle) {

    /// @throws IOException an option makes no sense; one line for people
    static Options of(TcpConfig config, Map<String, String> options) throws IOException {
        for (var name : options.keySet())
            switch (name) {
                case "host", "port", "connections", "idle" -> {}
                default ->
                        throw new IOException(
                                "a tcp portal has options host, port, connections and idle, not "
                                        + name);
            }
        return new Options(
                options.getOrDefault("host", config.host()),
                number(options, "port", 0, 65_535),
                number(options, "connections", config.connections(), Integer.MAX_VALUE),
                number(options, "idle", config.idle(), Integer.MAX_VALUE));
    }

    private static int number(Map<String, String> options, String name, int byDefault, int most)
            throws IOException {
        var text = options.get(name);
        if (text == null) return byDefault;
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) return number;
        } catch (NumberFormatException e) {
            throw new IOException("option " + name + " is a number, not '" + text + "'", e);
        }
        throw new IOException("option " + name + " is 0 to " + most + ", not " + text);
    }
}
