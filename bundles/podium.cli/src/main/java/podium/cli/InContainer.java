package podium.cli;

import java.nio.file.Path;
import java.util.HashMap;
import picocli.CommandLine.Model.CommandSpec;

/// A command that is carried out by the bundle `podium.cli` in a container in this JVM.
final class InContainer {

    private InContainer() {}

    /// Boots, calls and stops.
    ///
    /// @param spec of the command, already read and checked: the bundle reads the same arguments
    /// @return its exit code
    static int execute(Path home, boolean verbose, CommandSpec spec) throws Exception {
        var properties = new HashMap<String, String>();
        if (verbose) properties.put("podium.log.level", "INFO");
        // Nobody types commands into the container of a run.
        var container = Container.boot(home, properties, Container.SHELL);
        var shutdown = new Shutdown(container);
        int status = 1;
        try {
            var arguments = spec.root().commandLine().getParseResult().originalArgs();
            status = container.call(spec.name(), arguments.toArray(String[]::new));
        } finally {
            if (shutdown.end(status)) container.stop();
        }
        return status;
    }
}
