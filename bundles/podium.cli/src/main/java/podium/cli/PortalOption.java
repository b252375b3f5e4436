package podium.cli;

import java.io.Serializable;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// `--portal [SCHEME:][GUEST[=HOST]]`.
///
/// @param guestPort 0 for all
/// @param hostPort 0 for the transport's own choice
record PortalOption(String scheme, int guestPort, int hostPort) implements Serializable {

    private static final long serialVersionUID = 1;

    private static final Pattern FORM =
            Pattern.compile(
                    "(?:([a-z][a-z0-9+.-]*)(?::(?=\\d)|$))?(?:(\\d{1,5})(?:=(\\d{1,5}))?)?");

    static PortalOption parse(String text) {
        var form = FORM.matcher(text);
        if (text.isEmpty() || !form.matches())
            throw new TypeConversionException("'" + text + "' is not SCHEME[:GUEST[=HOST]]");
        var scheme = form.group(1) == null ? "http" : form.group(1);
        return new PortalOption(scheme, port(form.group(2)), port(form.group(3)));
    }

    private static int port(@org.jspecify.annotations.Nullable String digits) {
        int port = digits == null ? 0 : Integer.parseInt(digits);
        if (port > 65_535) throw new TypeConversionException("no port: " + digits);
        return port;
    }
}
