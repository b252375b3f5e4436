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
            "Open files go on with what the snapshot has of them, or else as removed ones."
        })
final class FsRestore extends FsSubcommand {

    @Parameters(
            index = "0",
            paramLabel = "POD:PATH",
            description = "Where it is mounted.",
            converter = PodPlace.Converter.class)
    PodPlace place;

    @Parameters(index = "1", paramLabel = "NAME", description = "Of the snapshot.")
    String name;

    @Option(names = "--json", description = "What was done as a line of JSON.")
    boolean json;

    @Override
    String pod() {
        return place.pod();
    }

    @Override
    void run(FsSession session) throws Exception {
        PodSnapshots.of(place, session).restore(name, json);
    }
}
