package podium.benchmark.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Trees of directories.
final class Trees {

    private Trees() {}

    /// That nothing but directories is left.
    static void checkEmpty(Path folder) throws IOException {
        try (var found = Files.walk(folder)) {
            var left = found.filter(path -> !Files.isDirectory(path)).findAny();
            if (left.isPresent()) throw new IOException(left.get() + " is still there");
        }
    }

    static void remove(Path folder) throws IOException {
        try (var found = Files.walk(folder)) {
            for (var path : found.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
