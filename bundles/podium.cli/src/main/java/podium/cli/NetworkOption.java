package podium.cli;

import java.io.Serializable;
import java.net.InetAddress;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// `--net all` or `--net ADDRESS[/PREFIX][:PORT[-PORT]]`; an IPv6 address stands in brackets when
/// a port follows it without a prefix between.
///
/// @param network with a prefix length; empty for all there are
record NetworkOption(String network, int firstPort, int lastPort) implements Serializable {

    private static final long serialVersionUID = 1;

    private static final Pattern FORM =
            Pattern.compile(
                    "(?:(all)|\\[([0-9a-fA-F:.]+)\\]|([0-9.]+|[0-9a-fA-F:.]+(?=/|$)))(/\\d{1,3})?(?::(\\d{1,5})(?:-(\\d{1,5}))?)?");

    static NetworkOption parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches())
            throw new TypeConversionException(
                    "'" + text + "' is not 'all' or ADDRESS[/PREFIX][:PORT[-PORT]]");
        int first = form.group(5) == null ? 0 : Integer.parseInt(form.group(5));
        int last = form.group(5) == null ? 65_535 : first;
        if (form.group(6) != null) last = Integer.parseInt(form.group(6));
        if (first > last || last > 65_535) throw new TypeConversionException("no ports: " + text);
        if (form.group(1) != null) return new NetworkOption("", first, last);
        var address = form.group(2) == null ? form.group(3) : form.group(2);
        var prefix =
                form.group(4) == null ? (address.indexOf(':') < 0 ? "/32" : "/128") : form.group(4);
        if (!isNetwork(address, Integer.parseInt(prefix.substring(1))))
            throw new TypeConversionException("no network: " + text);
        return new NetworkOption(address + prefix, first, last);
    }

    private static boolean isNetwork(String address, int prefix) {
        try {
            return prefix <= InetAddress.ofLiteral(address).getAddress().length * 8;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
