package podium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium kill`.
@Command(
        name = "kill",
        description = "Sends a signal to a process in a pod, or to all of them.",
        mixinStandardHelpOptions = true)
final class KillCommand implements Callable<Integer> {

    @Option(
            names = {"-s", "--signal"},
            paramLabel = "SIGNAL",
            description = "A name such as INT, or a number. Default: TERM.",
            converter = SignalName.class)
    int signal = SignalName.TERM;

    @Parameters(index = "0", paramLabel = "POD", description = "The pod's name.")
    String pod;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PID", description = "A process in it.")
    int pid;

    @Override
    public Integer call() throws Exception {
        ControlClient.owner(pod, "kill", pod, "" + pid, "" + signal);
        return 0;
    }
}
