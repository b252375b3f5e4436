package podium.vfs.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Files' digests as sha256sum(1) writes them: 64 digits, two blanks (or a blank and `*`), the
/// path.
final class Digests {

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");

    private final Map<String, String> byPath = new HashMap<>();

    private Digests() {}

    /// @throws IOException a line is of another form; the message shows it
    static Digests read(Reader text) throws IOException {
        var digests = new Digests();
        var lines = new BufferedReader(text);
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            var form = LINE.matcher(line);
            if (!form.matches()) throw new IOException("no line of sha256sum: '" + line + "'");
            digests.byPath.put(form.group(2), form.group(1));
        }
        return digests;
    }

    @Nullable String of(String path) {
        return byPath.get(path);
    }
}
