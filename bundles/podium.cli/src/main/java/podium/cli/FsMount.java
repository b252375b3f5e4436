package podium.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import podium.vfs.MountSpec;

/// `podium fs mount`.
@Command(
        name = "mount",
        description = {
            "Mounts a file system in a pod; without --type, lists what is mounted.",
            "Directories of the host are of the type 'host', with the directory as --source."
        })
final class FsMount extends FsSubcommand {

    @Parameters(
            paramLabel = "POD[:PATH]",
            description = "Where; a directory is made.",
            converter = PodPlace.Converter.class)
    PodPlace place;

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
    String pod() {
        return place.pod();
    }

    @Override
    void check() throws CommandException {
        if (type.isEmpty() && (readOnly || !source.isEmpty() || !options.isEmpty()))
            throw new CommandException("--type is missing: what is to be mounted?", 2);
        if (!type.isEmpty() && place.path().equals("/"))
            throw new CommandException("'" + place + "' has the pod's root already", 2);
    }

    @Override
    void run(FsSession session) throws Exception {
        var files = session.pod(place.pod()).files();
        if (type.isEmpty()) {
            list(session);
            return;
        }
        var from = type.equals("host") ? session.hostPath(source).toString() : source;
        files.namespace().mount(files, new MountSpec(place.path(), type, from, options, readOnly));
    }

    private void list(FsSession session) throws Exception {
        var rows = new ArrayList<List<String>>();
        for (var mounted : session.pod(place.pod()).files().namespace().mounts()) {
            var spec = mounted.spec();
            var shown =
                    new TreeMap<>(spec.options())
                            .entrySet().stream()
                                    .map(one -> one.getKey() + "=" + one.getValue())
                                    .collect(Collectors.joining(","));
            rows.add(
                    List.of(
                            spec.target(),
                            spec.type(),
                            spec.source(),
                            spec.readOnly() ? "ro" : "rw",
                            "" + mounted.users(),
                            shown));
        }
        session.print(
                new Table(List.of("TARGET", "TYPE", "SOURCE", "ACCESS", "USERS", "OPTIONS"), rows),
                json);
    }
}
