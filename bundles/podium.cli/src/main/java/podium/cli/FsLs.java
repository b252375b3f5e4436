package podium.cli;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium fs ls`.
@Command(name = "ls", description = "Lists a directory, or a file.")
final class FsLs extends FsSubcommand {

    @Parameters(paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    PodPlace place;

    @Option(names = "--json", description = "A line of JSON for each.")
    boolean json;

    @Override
    String pod() {
        return place.pod();
    }

    @Override
    void run(FsSession session) throws Exception {
        var path = session.path(place);
        var rows = new ArrayList<List<String>>();
        if (Files.isDirectory(path))
            for (var entry : FsFile.entries(path))
                try {
                    rows.add(row(FsFile.of(entry), session));
                } catch (NoSuchFileException _) {
                    // It is gone by now.
                }
        else rows.add(row(FsFile.of(path), session));
        session.print(new Table(List.of("MODE", "OWNER", "SIZE", "MODIFIED", "NAME"), rows), json);
    }

    private List<String> row(FsFile file, FsSession session) throws Exception {
        var row = new ArrayList<>(file.row());
        if (json) row.add(file.name());
        else {
            var name = session.coloured(file.name(), file.mode());
            var target = file.isLink() ? file.target() : "";
            if (session.isTerminal()) target = FsSession.printable(target);
            row.add(file.isLink() ? name + " -> " + target : name);
        }
        return row;
    }
}
