package podium.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium fs migrate`.
@Command(
        name = "migrate",
        description = {
            "Moves what is mounted in a pod to another, empty file system, while programs use it.",
            "Ctrl-C ends it, and nothing has happened."
        })
final class FsMigrate extends FsMountSubcommand {

    @Parameters(
            index = "1",
            paramLabel = "TYPE[:SOURCE]",
            description = "To what, such as store:/srv/data.")
    String target;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "NAME=VALUE",
            description = "The type's own.")
    Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--pause",
            paramLabel = "MS",
            description =
                    "Milliseconds that programs may be held at the end. Default: ${DEFAULT-VALUE}.")
    int pause = 20;

    @Option(
            names = "--no-verify",
            description = "Do not compare the copies with what they are copies of.")
    boolean unverified;

    @Option(names = "--json", description = "What was done as a line of JSON.")
    boolean json;

    private String type() {
        return target.split(":", 2)[0];
    }

    private String source() {
        var parts = target.split(":", 2);
        return parts.length < 2 ? "" : parts[1];
    }

    @Override
    void check() throws CommandException {
        if (type().isEmpty()) throw new CommandException("the type of the target is missing", 2);
        if (pause <= 0) throw new CommandException("--pause is a positive number", 2);
    }

    @Override
    void run(FsSession session) throws Exception {
        PodMounts.of(place.pod(), session)
                .migrate(
                        session,
                        place,
                        type(),
                        hostSource(session, type(), source()),
                        options,
                        pause,
                        !unverified,
                        json);
    }
}
