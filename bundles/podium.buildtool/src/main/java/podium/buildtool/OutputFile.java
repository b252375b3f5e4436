package podium.buildtool;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import podium.engine.ModuleException;

/// What a tool makes: it appears whole or not at all.
final class OutputFile {

    private OutputFile() {}

    /// Writes the content.
    interface Content {

        void writeTo(OutputStream to) throws IOException, ModuleException;
    }

    static void write(Path file, Content content) throws IOException, ModuleException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (var stream = new BufferedOutputStream(Files.newOutputStream(part))) {
                content.writeTo(stream);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
