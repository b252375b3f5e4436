package podium.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `podium node`: Node's own command line. Podium's options may stand before it, in their long
/// forms, which Node does not have.
@Command(
        name = "node",
        description = {
            "Runs Node in a pod: what follows is Node's own command line.",
            "Podium's options may stand before it, in their long forms only."
        })
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
        options.check();
        return options.request(null, arguments);
    }

    /// Marks where Podium's options end and Node's command line begins, with `--`.
    static String[] separate(CommandLine podium, String... arguments) {
        if (arguments.length < 2 || !arguments[0].equals("node")) return arguments;
        var node = Objects.requireNonNull(podium.getSubcommands().get("node"));
        var options = node.getCommandSpec().optionsMap();
        int end = 1;
        while (end < arguments.length) {
            int equals = arguments[end].indexOf('=');
            var name = equals < 0 ? arguments[end] : arguments[end].substring(0, equals);
            var option = name.startsWith("--") ? options.get(name) : null;
            if (option == null) break;
            end += equals < 0 && option.arity().min() > 0 ? 2 : 1;
        }
        if (end >= arguments.length || arguments[end].equals("--")) return arguments;
        var separated = new ArrayList<>(List.of(arguments));
        separated.add(end, "--");
        return separated.toArray(String[]::new);
    }
}
