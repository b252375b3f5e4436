package podium.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import podium.json.Json;

/// `podium fs df`.
@Command(
        name = "df",
        description =
                "Tells what a pod's mounts, or the one at a path, hold, have left, and have done.")
final class FsDf extends FsMountSubcommand {

    @Option(
            names = {"-a", "--activity"},
            description = "What they have done: reads, writes, names, syncs, errors.")
    boolean activity;

    @Option(
            names = {"-H", "--human-readable"},
            description = "Sizes such as 1.5 MiB.")
    boolean human;

    @Option(names = "--json", description = "A line of JSON for each mount, with everything.")
    boolean json;

    @Override
    void run(FsSession session) throws Exception {
        var usage = MountUsage.of(place, session);
        if (json) for (var one : usage) session.print(Json.write(one.members()));
        else if (activity) session.print(MountUsage.activity(usage), false);
        else session.print(MountUsage.space(usage, human), false);
    }
}
