package podium.cli;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import podium.pod.FrozenProcess;

/// The file a process is frozen to. It appears only whole, and is on the disk when it does: the
/// process may end then.
final class FrozenFile {

    private FrozenFile() {}

    /// @throws FileAlreadyExistsException there is such a file
    static void write(FrozenProcess frozen, Path file) throws IOException {
        if (Files.exists(file)) throw new FileAlreadyExistsException(file.toString());
        var part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (var out = new FileOutputStream(part.toFile())) {
                frozen.writeTo(new BufferedOutputStream(out));
                out.getFD().sync();
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
