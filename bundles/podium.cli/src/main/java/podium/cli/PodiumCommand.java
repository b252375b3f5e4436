package podium.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// The root of the command line.
@Command(
        name = "podium",
        description = "Runs Node.js and other Linux-like programs in sandboxed pods.",
        subcommands = {
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
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class PodiumCommand {}
