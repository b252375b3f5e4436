package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The jars of a folder, by name.
record BundleFolder(List<Path> jars) {

    static BundleFolder of(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return new BundleFolder(
                    entries.filter(entry -> entry.toString().endsWith(".jar")).sorted().toList());
        }
    }

    /// Changes when a jar comes, goes, or is written anew.
    String fingerprint() throws IOException {
        var text = new StringBuilder();
        for (var jar : jars)
            text.append(jar)
                    .append(' ')
                    .append(Files.size(jar))
                    .append(' ')
                    .append(Files.getLastModifiedTime(jar).toMillis())
                    .append('\n');
        return text.toString();
    }
}
