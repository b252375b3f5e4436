package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A folder of this user that nobody else may enter, in a place where others could have made it.
final class PrivateFolder {

    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /// Makes the folder if it is not there.
    ///
    /// @throws IOException it belongs to somebody else, or others may enter it
    static Path open(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS))
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PRIVATE));
        var owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(Files.getOwner(Path.of("/proc/self")))
                || !Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE))
            throw new IOException("'" + path + "' is not a private folder of this user");
        return path;
    }
}
