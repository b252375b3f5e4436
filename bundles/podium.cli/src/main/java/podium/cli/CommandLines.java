package podium.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;

/// How every command line here is read and how its errors look: one line on standard error, status
/// 2 for wrong usage and 1 for what failed.
final class CommandLines {

    private CommandLines() {}

    /// The command line of a command. Where the first word is a subcommand's name the others are
    /// not read, as all together take a tenth of a second.
    static CommandLine of(Object root, Path home, String... words) {
        var line = read(root, new Factory(home), words);
        configure(line);
        // They run no program with options of its own.
        if (root instanceof FsCommand) line.setStopAtPositional(false);
        for (var name : List.of("wasm", FsCommand.NAME))
            if (line.getSubcommands().get(name) instanceof CommandLine group)
                group.setStopAtPositional(false);
        return line;
    }

    /// @param command one, or its class
    private static CommandLine read(Object command, Factory factory, String... words) {
        var line = new CommandLine(command, factory);
        if (!(line.getCommand() instanceof CommandGroup group)) return line;
        var types = group.subcommands();
        var named = words.length == 0 ? List.<Class<?>>of() : named(words[0], types);
        var rest = named.isEmpty() ? new String[0] : Arrays.copyOfRange(words, 1, words.length);
        for (var type : named.isEmpty() ? types : named)
            line.addSubcommand(read(type, factory, rest));
        return line;
    }

    /// The type with a name, if that is enough to execute it: `help` tells about the others.
    private static List<Class<?>> named(String name, List<Class<?>> types) {
        return types.stream()
                .filter(type -> type != HelpCommand.class)
                .filter(type -> type.getAnnotation(Command.class).name().equals(name))
                .toList();
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
