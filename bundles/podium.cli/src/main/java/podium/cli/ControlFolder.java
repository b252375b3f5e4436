package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where the containers of this user have their control sockets, one each, named after the
/// process. Nobody else may enter the folder: who can reach a socket can run what the user can.
record ControlFolder(Path path) {

    private static final String SOCKET = ".sock";
    private static final String SERVES = ".serves.sock";

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
        return new ControlFolder(PrivateFolder.open(path));
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
