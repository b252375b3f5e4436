package podium.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `podium node`: the guest's Node with the arguments as they are.
@Command(
        name = "node",
        description = "Runs Node in a pod, with arguments of its own: podium node -- -e CODE.",
        mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ARG", description = "Node's arguments.")
    List<String> arguments = List.of();

    @Mixin RunOptions options;

    @Spec picocli.CommandLine.Model.CommandSpec spec;

    private final Path home;

    NodeCommand(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws Exception {
        options.check();
        return InContainer.execute(home, options.verbose, spec);
    }
}
