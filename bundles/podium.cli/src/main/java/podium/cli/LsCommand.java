package podium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `podium ls`.
@Command(name = "ls", description = "Lists files in a pod.", mixinStandardHelpOptions = true)
final class LsCommand implements Callable<Integer> {

    @Parameters(paramLabel = "POD[:PATH]", description = "An absolute path in a pod.")
    String place;

    @Option(names = "--json", description = "A line of JSON for each.")
    boolean json;

    @Spec CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        int colon = place.indexOf(':');
        var pod = colon < 0 ? place : place.substring(0, colon);
        var path = colon < 0 ? "/" : place.substring(colon + 1);
        if (!path.startsWith("/"))
            throw new CommandException("a path in a pod is absolute, not '" + path + "'");
        new Table(
                        List.of("MODE", "OWNER", "SIZE", "MODIFIED", "NAME"),
                        ControlClient.owner(pod, "ls", pod, path))
                .print(spec.commandLine().getOut(), json);
        return 0;
    }
}
