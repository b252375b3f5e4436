package podium.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import podium.json.Json;

/// `podium fs tree`.
@Command(name = "tree", description = "Shows a directory with all that is below it.")
final class FsTree extends FsSubcommand {

    @Parameters(paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    PodPlace place;

    @Option(
            names = {"-L", "--level"},
            paramLabel = "N",
            description = "Go no deeper than so many directories.")
    int level = Integer.MAX_VALUE;

    @Option(names = "--json", description = "A line of JSON for each file.")
    boolean json;

    @Override
    String pod() {
        return place.pod();
    }

    @Override
    void check() throws CommandException {
        if (level < 1) throw new CommandException("a level is 1 or more, not " + level, 2);
    }

    @Override
    void run(FsSession session) throws Exception {
        var path = session.path(place);
        var file = FsFile.of(path.toRealPath());
        show(file, place.path(), session);
        if (file.isDirectory()) below(file.path(), "", level, session);
    }

    private void below(Path directory, String indent, int depth, FsSession session)
            throws IOException {
        var entries = FsFile.entries(directory);
        for (int i = 0; i < entries.size(); i++)
            try {
                session.checkCancelled();
                boolean last = i == entries.size() - 1;
                var file = FsFile.of(entries.get(i));
                show(file, indent + (last ? "└── " : "├── "), file.name(), session);
                if (file.isDirectory() && depth > 1)
                    below(file.path(), indent + (last ? "    " : "│   "), depth - 1, session);
            } catch (NoSuchFileException _) {
                // It is gone by now.
            }
    }

    private void show(FsFile file, String name, FsSession session) throws IOException {
        show(file, "", name, session);
    }

    private void show(FsFile file, String before, String name, FsSession session)
            throws IOException {
        if (json) {
            var members = new LinkedHashMap<String, Object>();
            members.put("path", file.path().toString());
            members.put("type", file.type());
            members.put("size", file.longNumber("size"));
            if (file.isLink()) members.put("target", file.target());
            session.print(Json.write(members));
            return;
        }
        var target = file.isLink() ? " -> " + file.target() : "";
        if (session.isTerminal()) target = FsSession.printable(target);
        session.printColoured(before + session.coloured(name, file.mode()) + target);
    }
}
