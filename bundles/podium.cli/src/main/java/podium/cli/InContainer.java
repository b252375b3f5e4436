package podium.cli;

import java.nio.file.Path;
import java.util.Map;

/// Runs a program in a container in this JVM.
final class InContainer {

    private InContainer() {}

    /// Boots, runs and stops.
    ///
    /// @return the program's exit code
    static int run(Path home, RunRequest request) throws Exception {
        if (request.verbose()) Configuration.verbose();
        // Nobody types commands into the container of a run.
        var container = Container.boot(home, Map.of(), Container.SHELL);
        var shutdown = new Shutdown(container);
        int status = 1;
        try {
            status = container.call("run", request.bytes());
        } finally {
            if (shutdown.end(status)) container.stop();
        }
        return status;
    }
}
