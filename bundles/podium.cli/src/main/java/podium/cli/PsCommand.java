package podium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `podium ps`.
@Command(
        name = "ps",
        description = "Lists the processes in all pods of this user.",
        mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {

    @Option(names = "--json", description = "A line of JSON for each.")
    boolean json;

    @Spec CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        new Table(List.of("POD", "PID", "COMMAND"), ControlClient.all("ps"))
                .print(spec.commandLine().getOut(), json);
        return 0;
    }
}
