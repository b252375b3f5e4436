package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that says for what something beside it was made.
///
/// @param content that it has if it is for what there is now
record Stamp(Path file, String content) {

    boolean fits() throws IOException {
        return Files.exists(file) && Files.readString(file).equals(content);
    }

    void write() throws IOException {
        Files.writeString(file, content);
    }
}
