package podium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `podium portals`.
@Command(
        name = "portals",
        description = "Lists how the guest ports of all pods of this user can be reached.",
        mixinStandardHelpOptions = true)
final class PortalsCommand implements Callable<Integer> {

    @Option(names = "--json", description = "A line of JSON for each.")
    boolean json;

    @Spec CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        new Table(
                        List.of("POD", "PORT", "URL", "OPEN", "CONNECTIONS"),
                        ControlClient.all("portals"))
                .print(spec.commandLine().getOut(), json);
        return 0;
    }
}
