package podium.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `podium fs mount`.
@Command(
        name = "mount",
        description = {
            "Mounts a file system in a pod, on a directory that is made; without --type, lists what is"
                    + " mounted.",
            "Directories of the host are of the type 'host', with the directory as --source."
        })
final class FsMount extends FsMountSubcommand {

    @Option(
            names = {"-t", "--type"},
            paramLabel = "TYPE",
            description = "Such as host, memory, image, overlay.")
    String type = "";

    @Option(
            names = {"-s", "--source"},
            paramLabel = "SOURCE",
            description = "What the type makes of it.")
    String source = "";

    @Option(
            names = {"-o", "--option"},
            paramLabel = "NAME=VALUE",
            description = "The type's own.")
    Map<String, String> options = new LinkedHashMap<>();

    @Option(names = "--read-only", description = "Guests cannot change it.")
    boolean readOnly;

    @Option(names = "--json", description = "A line of JSON for each mount.")
    boolean json;

    @Override
    void check() throws CommandException {
        if (type.isEmpty() && (readOnly || !source.isEmpty() || !options.isEmpty()))
            throw new CommandException("--type is missing: what is to be mounted?", 2);
        if (!type.isEmpty() && place.path().equals("/"))
            throw new CommandException("'" + place + "' has the pod's root already", 2);
    }

    @Override
    void run(FsSession session) throws Exception {
        var mounts = PodMounts.of(place.pod(), session);
        if (type.isEmpty()) {
            var columns = List.of("TARGET", "TYPE", "SOURCE", "ACCESS", "USERS", "OPTIONS");
            session.print(new Table(columns, mounts.rows()), json);
            return;
        }
        var from = hostSource(session, type, source);
        mounts.mount(place.path(), type, from, options, readOnly);
    }
}
