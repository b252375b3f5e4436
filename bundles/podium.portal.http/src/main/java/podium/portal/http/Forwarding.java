package podium.portal.http;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What of a head is changed on its way.
///
/// To the guest: a target in absolute form becomes one in origin form, with the Host it names; what
/// the client says of `X-Forwarded-*` and `Forwarded` is replaced by what is true, as nobody stands
/// in front of a portal whom it could believe. All else goes through as it is, the order and the
/// case of field names included.
final class Forwarding {

    private Forwarding() {}

    /// The host a request is for: name in lower case, without port.
    ///
    /// @throws BadMessageException 400
    static String host(Head head) throws BadMessageException {
        var authority = authority(head);
        var host = authority.toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) return host.substring(0, host.indexOf(']') + 1);
        int colon = host.indexOf(':');
        if (colon >= 0) host = host.substring(0, colon);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static String authority(Head head) throws BadMessageException {
        var host = head.only("Host", 400);
        if (host == null && head.isOneOne()) throw new BadMessageException(400, "no Host field");
        var absolute = absolute(head);
        if (absolute != null) return absolute.getRawAuthority();
        if (host == null) throw new BadMessageException(400, "no Host field");
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 127 || "/?#@\\,".indexOf(c) >= 0)
                throw new BadMessageException(400, "malformed Host field");
        }
        return host;
    }

    private static @Nullable URI absolute(Head head) throws BadMessageException {
        var target = head.second;
        if (target.startsWith("/") || target.equals("*")) return null;
        try {
            var uri = new URI(target);
            boolean web = "http".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null) return uri;
        } catch (URISyntaxException e) {
            throw new BadMessageException(400, "malformed request target");
        }
        throw new BadMessageException(400, "malformed request target");
    }

    /// A request's head as the guest gets it.
    ///
    /// @param client null when the guest is not told of it
    static byte[] request(Head head, @Nullable InetSocketAddress client)
            throws BadMessageException {
        var out = new StringBuilder(512);
        var absolute = absolute(head);
        var target = absolute == null ? head.second : originForm(absolute);
        out.append(head.first).append(' ').append(target).append(' ').append(head.version);
        out.append("\r\n");
        String host = "";
        for (var field : head.fields) {
            var name = field.getName();
            var value = field.getValue();
            if (name.equalsIgnoreCase("Host")) {
                if (absolute != null) value = absolute.getRawAuthority();
                host = String.valueOf(value);
            } else if (client != null && stated(name)) continue;
            Head.line(out, name, value);
        }
        if (client != null) {
            Head.line(out, "X-Forwarded-For", client.getAddress().getHostAddress());
            Head.line(out, "X-Forwarded-Host", host);
            Head.line(out, "X-Forwarded-Proto", "http");
        }
        return Head.bytes(out.append("\r\n"));
    }

    private static boolean stated(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto" -> true;
            default -> false;
        };
    }

    private static String originForm(URI uri) {
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /// A response's head as the client gets it.
    ///
    /// @param close whether the connection ends with it, though the guest did not say so
    /// @param unchunked whether the body's coding is taken off
    static byte[] response(Head head, boolean close, boolean unchunked) {
        var out = new StringBuilder(512);
        out.append(head.version).append(' ').append(head.first).append(' ');
        if (head.second != null) out.append(head.second);
        out.append("\r\n");
        for (var field : head.fields) {
            var name = field.getName();
            if (close
                    && (name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive")))
                continue;
            if (unchunked && name.equalsIgnoreCase("Transfer-Encoding")) continue;
            Head.line(out, name, field.getValue());
        }
        if (close) Head.line(out, "Connection", "close");
        return Head.bytes(out.append("\r\n"));
    }

    /// A whole answer of our own.
    ///
    /// @param reason one line
    static byte[] refusal(int status, String reason, boolean withBody) {
        var body = status + " " + title(status) + ": " + reason + "\n";
        var out = new StringBuilder(256);
        out.append("HTTP/1.1 ").append(status).append(' ').append(title(status)).append("\r\n");
        Head.line(out, "Content-Type", "text/plain; charset=utf-8");
        Head.line(out, "Content-Length", String.valueOf(body.length()));
        Head.line(out, "Connection", "close");
        out.append("\r\n");
        return Head.bytes(withBody ? out.append(body) : out);
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 408 -> "Request Timeout";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
    }
}
