package podium.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium freeze`.
@Command(
        name = "freeze",
        description =
                "Writes a running process to a file, and ends it; 'podium run --thaw' goes on with it.",
        mixinStandardHelpOptions = true,
        footer =
                "%nThe program is Node, or one that 'podium freezable' has made such, or wasm-opt --asyncify, or that comes to"
                        + " rest by itself (podium/freeze.h). Its files are not written.")
final class FreezeCommand implements Callable<Integer> {

    @Option(names = "--leave-running", description = "Does not end it.")
    boolean leaveRunning;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description =
                    "How long to wait for its next system call, or turn of Node's loop. Default: 10.")
    double patience = 10;

    @Parameters(index = "0", paramLabel = "POD", description = "The pod's name.")
    String pod;

    @Parameters(index = "1", paramLabel = "PID", description = "A process in it.")
    int pid;

    @Parameters(index = "2", paramLabel = "FILE", description = "A new file.")
    Path file;

    @Override
    public Integer call() throws Exception {
        if (!(patience > 0))
            throw new CommandException("--patience is more than 0", ExitCode.USAGE);
        ControlClient.owner(
                pod,
                "freeze",
                pod,
                "" + pid,
                file.toAbsolutePath().toString(),
                "" + leaveRunning,
                "" + (long) (patience * 1000));
        return 0;
    }
}
