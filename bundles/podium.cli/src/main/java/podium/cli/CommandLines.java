package podium.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IFactory;

/// How every command line here is read and how its errors look: one line on standard error, status
/// 2 for wrong usage and 1 for what failed.
final class CommandLines {

    private CommandLines() {}

    static CommandLine of(Object root, Path home) {
        var line = new CommandLine(root, new Factory(home));
        configure(line);
        // They run no program with options of its own.
        if (root instanceof FsCommand) line.setStopAtPositional(false);
        for (var name : List.of("wasm", FsCommand.NAME))
            if (line.getSubcommands().get(name) instanceof CommandLine group)
                group.setStopAtPositional(false);
        return line;
    }

    private static void configure(CommandLine line) {
        line.registerConverter(MountOption.class, MountOption::parse)
                .registerConverter(DirectoryOption.class, DirectoryOption::parse)
                .registerConverter(PortalOption.class, PortalOption::parse)
                .registerConverter(NetworkOption.class, NetworkOption::parse)
                .setStopAtPositional(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(CommandLines::wrongUsage)
                .setExecutionExceptionHandler(CommandLines::failed);
    }

    private static int wrongUsage(CommandLine.ParameterException e, String[] arguments) {
        var line = e.getCommandLine();
        var name = line.getCommandSpec().qualifiedName();
        line.getErr().println(name + ": " + e.getMessage() + " (see '" + name + " --help')");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult result) {
        line.getErr().println("podium: " + CommandException.message(e));
        if (result.expandedArgs().contains("--verbose") || result.expandedArgs().contains("-v"))
            e.printStackTrace(line.getErr());
        return e instanceof CommandException failure ? failure.status() : 1;
    }

    /// Gives a command its [Path] home where its constructor asks for one.
    private record Factory(Path home) implements IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                var constructor = type.getDeclaredConstructor(Path.class);
                return constructor.newInstance(home);
            } catch (NoSuchMethodException _) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
