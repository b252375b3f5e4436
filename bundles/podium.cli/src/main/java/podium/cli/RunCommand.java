package podium.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `podium run`: a program of the host, in a pod of its own, in a container in this JVM.
@Command(
        name = "run",
        description = "Runs a Node program, or a WebAssembly module, in a pod.",
        mixinStandardHelpOptions = true,
        footer =
                "%nA folder is granted whole and runs its package.json's main, index.js or server.js."
                        + " A script is granted with the folder of the nearest package.json above it,"
                        + " or alone; a module, made by 'podium cc' or named .wasm, alone.")
final class RunCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR|SCRIPT|MODULE", description = "What to run.")
    Path path;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "The program's arguments.")
    List<String> arguments = List.of();

    @Mixin RunOptions options;

    private final Path home;

    RunCommand(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws Exception {
        return options.attach ? Attachment.run(request()) : InContainer.run(home, request());
    }

    RunRequest request() throws CommandException {
        options.check();
        return options.request(Program.of(path), arguments);
    }
}
