package podium.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium fs restore`.
@Command(
        name = "restore",
        description = {
            "Makes what is mounted in a pod what it was when a snapshot was taken, while programs use"
                    + " it.",
            "Open files go on with what the snapshot has of them, or else as removed ones.",
            "Ctrl-C ends it, and nothing has happened."
        })
final class FsRestore extends FsMountSubcommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "Of the snapshot.")
    String name;

    @Option(names = "--json", description = "What was done as a line of JSON.")
    boolean json;

    @Override
    void run(FsSession session) throws Exception {
        PodSnapshots.of(place, session).restore(name, json);
    }
}
