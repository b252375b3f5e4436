package podium.portal.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.message.BasicLineParser;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/// The head of a request or a response, with its fields in order and as they were written. Bytes
/// above 127 are chars of the same number.
final class Head {

    /// Most fields; browsers send some twenty.
    private static final int FIELDS = 512;

    /// The method, or the status code.
    final String first;

    /// The request target, or the reason.
    final String second;

    final ProtocolVersion version;
    final List<Header> fields;

    private Head(String first, String second, ProtocolVersion version, List<Header> fields) {
        this.first = first;
        this.second = second;
        this.version = version;
        this.fields = fields;
    }

    /// Parses a request's head.
    ///
    /// @param bytes with the empty line at the end; every line ends in CR LF
    /// @throws BadMessageException 400, 431 or 505
    static Head request(byte[] bytes, int length) throws BadMessageException {
        var lines = lines(bytes, length);
        try {
            var line = BasicLineParser.INSTANCE.parseRequestLine(lines.getFirst());
            var version = line.getProtocolVersion();
            if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0))
                throw new BadMessageException(505, "HTTP/1.1 and HTTP/1.0 are spoken here");
            if (!isToken(line.getMethod()) || !isTarget(line.getUri()))
                throw new BadMessageException(400, "malformed request line");
            return new Head(line.getMethod(), line.getUri(), version, fields(lines));
        } catch (ParseException e) {
            throw new BadMessageException(400, "malformed request head");
        }
    }

    /// Parses a response's head.
    ///
    /// @throws BadMessageException 502
    static Head response(byte[] bytes, int length) throws BadMessageException {
        try {
            var lines = lines(bytes, length);
            var line = BasicLineParser.INSTANCE.parseStatusLine(lines.getFirst());
            int status = line.getStatusCode();
            var version = line.getProtocolVersion();
            if (status < 100
                    || status > 599
                    || version.getMajor() != 1
                    || hasControl(line.getReasonPhrase()))
                throw new BadMessageException(502, "the guest's answer is malformed");
            return new Head(String.valueOf(status), line.getReasonPhrase(), version, fields(lines));
        } catch (ParseException e) {
            throw new BadMessageException(502, "the guest's answer is malformed");
        } catch (BadMessageException e) {
            throw new BadMessageException(502, "the guest's answer: " + e.getMessage());
        }
    }

    private static List<CharArrayBuffer> lines(byte[] bytes, int length)
            throws BadMessageException {
        var lines = new ArrayList<CharArrayBuffer>();
        for (int start = 0; start < length; ) {
            int end = start;
            while (bytes[end] != '\n') end++;
            if (end - 1 == start) break;
            if (lines.size() > FIELDS)
                throw new BadMessageException(431, "more than " + FIELDS + " header fields");
            var line = new CharArrayBuffer(end - start);
            line.append(bytes, start, end - 1 - start);
            lines.add(line);
            start = end + 1;
        }
        if (lines.isEmpty()) throw new BadMessageException(400, "empty request");
        return lines;
    }

    private static List<Header> fields(List<CharArrayBuffer> lines)
            throws ParseException, BadMessageException {
        var fields = new ArrayList<Header>(lines.size() + 4);
        for (var line : lines.subList(1, lines.size())) {
            // Folded lines (RFC 9112, 5.2) are read differently by different programs.
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t')
                throw new BadMessageException(400, "a folded header field");
            var field = BasicLineParser.INSTANCE.parseHeader(line);
            if (!isToken(field.getName()) || hasControl(field.getValue()))
                throw new BadMessageException(400, "malformed header field");
            fields.add(field);
        }
        return fields;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 127 || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) return false;
        }
        return !text.isEmpty();
    }

    private static boolean isTarget(String text) {
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) <= ' ' || text.charAt(i) == 127) return false;
        return !text.isEmpty();
    }

    private static boolean hasControl(@Nullable String text) {
        if (text == null) return false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) return true;
        }
        return false;
    }

    boolean isOneOne() {
        return version.getMinor() >= 1;
    }

    /// A response's status.
    int status() {
        return Integer.parseInt(first);
    }

    /// The only field of a name, or null.
    ///
    /// @param status what it is worth when there are several
    /// @throws BadMessageException there are several
    @Nullable String only(String name, int status) throws BadMessageException {
        String found = null;
        for (var field : fields) {
            if (!field.getName().equalsIgnoreCase(name)) continue;
            if (found != null) throw new BadMessageException(status, "several " + name + " fields");
            found = field.getValue() == null ? "" : field.getValue();
        }
        return found;
    }

    /// Whether a list field has an element, such as `Connection: close`.
    boolean has(String name, String element) {
        for (var field : fields) {
            if (!field.getName().equalsIgnoreCase(name) || field.getValue() == null) continue;
            for (var part : field.getValue().split(",", -1))
                if (part.strip().equalsIgnoreCase(element)) return true;
        }
        return false;
    }

    /// Whether the sender wants the connection to go on after this message.
    boolean keepsAlive() {
        if (has("Connection", "close")) return false;
        return isOneOne() || has("Connection", "keep-alive");
    }

    /// Appends one line.
    static void line(StringBuilder out, String name, @Nullable String value) {
        out.append(name).append(": ").append(value == null ? "" : value).append("\r\n");
    }

    static byte[] bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
