package podium.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `podium node`: the guest's Node with the arguments as they are.
@Command(
        name = "node",
        description = "Runs Node in a pod, with arguments of its own: podium node -- -e CODE.",
        mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ARG", description = "Node's arguments.")
    List<String> arguments = List.of();

    @Mixin RunOptions options;

    private final Path home;

    NodeCommand(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws Exception {
        return options.attach ? Attachment.run(request()) : InContainer.run(home, request());
    }

    RunRequest request() throws CommandException {
        return options.request(null, arguments);
    }
}
