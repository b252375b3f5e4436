package podium.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `podium start`: a container that waits for work.
@Command(
        name = "start",
        description = "Starts a container and keeps it until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {

    @Option(names = "--shell", description = "Gogo shell on this terminal.")
    boolean shell;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what the container does.")
    boolean verbose;

    private final Path home;

    StartCommand(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws Exception {
        if (verbose) Configuration.verbose();
        var properties = Map.of(ControlServer.SERVES, "true");
        long started = System.nanoTime();
        var container = Container.boot(home, properties, shell ? Set.of() : Container.SHELL);
        var shutdown = new Shutdown(container);
        System.err.printf(
                "podium: container started in %d ms%n", (System.nanoTime() - started) / 1_000_000);
        container.waitForStop();
        shutdown.end(0);
        return 0;
    }
}
