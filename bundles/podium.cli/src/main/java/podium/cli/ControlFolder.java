package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// Where the containers of this user have their control sockets, one each, named after the
/// process. Nobody else may enter the folder: who can reach a socket can run what the user can.
record ControlFolder(Path path) {

    private static final String SOCKET = ".sock";
    private static final String SERVES = ".serves.sock";

    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    /// The folder, made if it is not there.
    ///
    /// @throws IOException it belongs to somebody else, or others may enter it
    static ControlFolder open() throws IOException {
        var runtime = System.getenv("XDG_RUNTIME_DIR");
        var path =
                runtime == null || runtime.isEmpty()
                        ? Path.of(
                                System.getProperty("java.io.tmpdir"),
                                "podium-" + System.getProperty("user.name"))
                        : Path.of(runtime, "podium");
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS))
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PRIVATE));
        var owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(Files.getOwner(Path.of("/proc/self")))
                || !Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE))
            throw new IOException("'" + path + "' is not a private folder of this user");
        return new ControlFolder(path);
    }

    /// The socket of this process.
    ///
    /// @param serves whether it runs programs for others
    Path own(boolean serves) {
        return path.resolve(ProcessHandle.current().pid() + (serves ? SERVES : SOCKET));
    }

    /// Those of containers that run programs for others.
    List<Path> serving() throws IOException {
        return sockets().stream().filter(socket -> socket.toString().endsWith(SERVES)).toList();
    }

    /// The sockets there are, by process; some may be left over.
    List<Path> sockets() throws IOException {
        try (var entries = Files.list(path)) {
            return entries.filter(entry -> entry.toString().endsWith(SOCKET)).sorted().toList();
        }
    }
}
