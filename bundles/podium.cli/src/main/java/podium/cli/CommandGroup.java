package podium.cli;

import java.util.List;

/// A command that has subcommands: picocli would read all that its annotation names, at each start.
interface CommandGroup {

    /// Their classes, in the order of the help page.
    List<Class<?>> subcommands();
}
