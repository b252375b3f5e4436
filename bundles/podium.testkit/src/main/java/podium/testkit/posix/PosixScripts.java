package podium.testkit.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The scripts that come with the kit (`scripts.txt`), grown from what POSIX, the man pages and
/// users of file systems care for.
public record PosixScripts(String title, List<String> lines) {

    /// All of them.
    public static List<PosixScripts> all() {
        try (var in = PosixScripts.class.getResourceAsStream("scripts.txt")) {
            if (in == null) throw new IllegalStateException("scripts.txt is missing");
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<PosixScripts> parse(String text) {
        var scripts = new ArrayList<PosixScripts>();
        List<String> lines = List.of();
        for (var line : text.split("\n")) {
            if (line.startsWith("## ")) {
                lines = new ArrayList<>();
                scripts.add(new PosixScripts(line.substring(3), lines));
            } else if (!line.isBlank() && !line.startsWith("#")) lines.add(line);
        }
        return scripts;
    }

    @Override
    public String toString() {
        return title;
    }
}
