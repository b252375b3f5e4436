package podium.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium fs snapshot`.
@Command(
        name = "snapshot",
        description = {
            "Keeps what is mounted in a pod as it is now, while programs use it; lists what was kept,"
                    + " or forgets it.",
            "'podium fs restore' goes back to it; 'podium fs mount POD:/x -t snapshot -s PATH@NAME'"
                    + " shows it.",
            "Ctrl-C ends it, and nothing is kept."
        })
final class FsSnapshot extends FsMountSubcommand {

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAME",
            description =
                    "Of the snapshot: letters, digits and ._+:-; when missing, the time in UTC.")
    String name = "";

    @ArgGroup Other other = new Other();

    /// What to do instead of taking one.
    static final class Other {

        @Option(
                names = {"-l", "--list"},
                description = "List the snapshots there are, the oldest first.")
        boolean list;

        @Option(
                names = {"-d", "--delete"},
                description = "Delete the snapshot.")
        boolean delete;
    }

    @Option(names = "--json", description = "A line of JSON for each snapshot.")
    boolean json;

    @Override
    void check() throws CommandException {
        if (other.list && !name.isEmpty())
            throw new CommandException("--list lists all snapshots: leave out '" + name + "'", 2);
        if (other.delete && name.isEmpty())
            throw new CommandException("the name of the snapshot to delete is missing", 2);
    }

    @Override
    void run(FsSession session) throws Exception {
        var snapshots = PodSnapshots.of(place, session);
        if (other.list) snapshots.list(json);
        else if (other.delete) snapshots.delete(name);
        else snapshots.take(name, json);
    }
}
