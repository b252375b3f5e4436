package podium.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `podium check`: whether the container comes up.
@Command(
        name = "check",
        description = "Starts a container, says how that went, and stops it.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Spec CommandSpec spec;

    private final Path home;

    CheckCommand(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws Exception {
        long before = System.nanoTime();
        var container = Container.boot(home, Map.of(), Container.SHELL);
        long took = (System.nanoTime() - before) / 1_000_000;
        var idle = container.idle();
        int bundles = container.size();
        container.stop();
        if (!idle.isEmpty())
            throw new CommandException("bundles that did not start: " + String.join(", ", idle));
        spec.commandLine().getOut().println(bundles + " bundles, started in " + took + " ms");
        return 0;
    }
}
