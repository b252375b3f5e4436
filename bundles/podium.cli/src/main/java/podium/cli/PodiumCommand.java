package podium.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// The root of the command line.
@Command(
        name = "podium",
        description = "Runs Node.js and other Linux-like programs in sandboxed pods.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class PodiumCommand implements CommandGroup {

    @Override
    public List<Class<?>> subcommands() {
        return List.of(
                RunCommand.class,
                NodeCommand.class,
                StartCommand.class,
                CheckCommand.class,
                PsCommand.class,
                KillCommand.class,
                FreezeCommand.class,
                LsCommand.class,
                PortalsCommand.class,
                FsCommand.class,
                WasmCommand.class,
                HelpCommand.class);
    }
}
