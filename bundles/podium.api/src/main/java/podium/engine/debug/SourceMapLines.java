package podium.engine.debug;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import podium.engine.Trap.SourceLine;
import podium.engine.debug.Reader.Malformed;

/// Reads a source map (ECMA-426) that is in the module itself: for WebAssembly all is one generated
/// line, whose columns are offsets in the binary.
final class SourceMapLines {

    /// The custom section with the URL of the map (WebAssembly tool conventions).
    static final String SECTION = "sourceMappingURL";

    private static final String SCHEME = "data:";

    /// A longer URL is not looked at: it becomes several strings.
    private static final int MAX_URL = 64 << 20;

    private final List<String> sources;
    private final String root;
    private final String mappings;
    private final Wanted wanted;
    private int position;

    private SourceMapLines(JsonReader map, Wanted wanted) {
        sources = map.list("sources");
        root = map.string("sourceRoot");
        mappings = map.string("mappings");
        this.wanted = wanted;
    }

    /// Tells `wanted` what the map says, as far as it can be read.
    static void read(SourceLines.Sections sections, Wanted wanted) {
        var content = sections.get(SECTION);
        if (content == null) return;
        try {
            var in = new Reader(content);
            long length = in.unsigned();
            if (length < 0 || length > MAX_URL) return;
            var map = decoded(in.text((int) length));
            if (map != null) new SourceMapLines(new JsonReader(map), wanted).segments();
        } catch (Malformed e) {
            return; // what was found before counts
        }
    }

    /// The content of a `data:` URL (RFC 2397), or null if it is another.
    private static @Nullable String decoded(String url) {
        int comma = url.indexOf(',');
        if (comma < 0 || !url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) return null;
        var data = url.substring(comma + 1);
        var type = url.substring(0, comma).toLowerCase(Locale.ROOT);
        try {
            if (type.endsWith(";base64"))
                return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
            return URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Malformed();
        }
    }

    /// Goes through the segments of the generated line: each holds up to the next one.
    private void segments() {
        long column = 0;
        long source = 0;
        long line = 0;
        boolean mapped = false;
        while (position < mappings.length() && mappings.charAt(position) != ';') {
            if (mappings.charAt(position) == ',') {
                position++;
                continue;
            }
            long next = column + number();
            if (mapped) range(column, next, source, line);
            column = next;
            mapped = !atSegmentEnd();
            if (!mapped) continue;
            source += number();
            line += number();
            while (!atSegmentEnd()) number(); // the column of the source, and a name
        }
        if (mapped) range(column, Integer.MAX_VALUE, source, line);
    }

    private void range(long from, long end, long source, long line) {
        wanted.range(from, end, () -> line(source, line));
    }

    private @Nullable SourceLine line(long source, long line) {
        if (source < 0 || source >= sources.size() || line < 0 || line >= Integer.MAX_VALUE)
            return null;
        var name = sources.get((int) source);
        return name.isEmpty() ? null : new SourceLine(root + name, (int) line + 1);
    }

    private boolean atSegmentEnd() {
        return position >= mappings.length() || ",;".indexOf(mappings.charAt(position)) >= 0;
    }

    private static final String DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// A number of digits of five bits, the least first; the lowest bit is the sign.
    private long number() {
        long value = 0;
        for (int shift = 0; ; shift += 5) {
            int digit = atSegmentEnd() ? -1 : DIGITS.indexOf(mappings.charAt(position++));
            if (digit < 0 || shift > 35) throw new Malformed();
            value |= (long) (digit & 31) << shift;
            if ((digit & 32) == 0) return (value & 1) == 0 ? value >> 1 : -(value >> 1);
        }
    }
}
