package podium.portal.mina;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The options of a portal's rule, each read over what the transport's configuration says.
public final class RuleOptions {

    private final Map<String, String> given;

    /// @param scheme the transport's
    /// @param known the options there are
    /// @throws IOException others are given; like all of this class's, one line for people
    public RuleOptions(String scheme, Map<String, String> given, List<String> known)
            throws IOException {
        this.given = given;
        for (var name : given.keySet())
            if (!known.contains(name))
                throw new IOException(
                        "portals by "
                                + scheme
                                + " have options "
                                + String.join(", ", known)
                                + ", not "
                                + name);
    }

    public String text(String name, String byDefault) {
        return given.getOrDefault(name, byDefault);
    }

    /// @param most the greatest number allowed; the least is 0
    /// @throws IOException it is no such number
    public int number(String name, int byDefault, int most) throws IOException {
        var text = given.get(name);
        if (text == null) return byDefault;
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) return number;
        } catch (NumberFormatException e) {
            throw new IOException("option " + name + " is a number, not '" + text + "'", e);
        }
        throw new IOException("option " + name + " is 0 to " + most + ", not " + text);
    }

    /// A port of the host, 0 for a free one.
    ///
    /// @throws IOException it is no port
    public int port(int byDefault) throws IOException {
        return number("port", byDefault, 65_535);
    }

    /// @throws IOException it is neither `true` nor `false`
    public boolean flag(String name, boolean byDefault) throws IOException {
        var text = given.get(name);
        return switch (text) {
            case null -> byDefault;
            case "true" -> true;
            case "false" -> false;
            default -> throw new IOException("option " + name + " is true or false, not " + text);
        };
    }
}
