package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/// A file of the host's that appears only whole: it has another name while it is written.
final class WholeFile {

    private WholeFile() {}

    /// Writes a file.
    interface Writer<T> {

        /// @return what there is to tell of it
        T write(Path file) throws IOException;
    }

    /// @param to replaced if it is there
    static <T> T write(Path to, Writer<T> writer) throws IOException {
        var part = to.resolveSibling(Objects.requireNonNull(to.getFileName()) + ".part");
        try {
            var result = writer.write(part);
            Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
            return result;
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
