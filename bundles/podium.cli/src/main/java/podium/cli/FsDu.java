package podium.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import podium.json.Json;

/// `podium fs du`.
@Command(
        name = "du",
        description = "Adds up the sizes of files, in bytes: of each directory with all below it.")
final class FsDu extends FsSubcommand {

    @Parameters(paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    PodPlace place;

    @Option(
            names = {"-s", "--summarize"},
            description = "Only the sum.")
    boolean summary;

    @Option(
            names = {"-H", "--human-readable"},
            description = "Sizes such as 1.5 MiB.")
    boolean human;

    @Option(names = "--json", description = "A line of JSON for each directory.")
    boolean json;

    /// Files with several names count once.
    private final Set<Object> linked = new HashSet<>();

    private long files;

    @Override
    String pod() {
        return place.pod();
    }

    @Override
    void run(FsSession session) throws Exception {
        var path = session.path(place).toRealPath();
        long bytes = add(path, true, session);
        if (summary || !FsFile.of(path).isDirectory()) show(path, bytes, session);
    }

    private long add(Path path, boolean top, FsSession session) throws IOException {
        var file = FsFile.of(path);
        if (file.isRegular() && file.number("nlink") > 1 && !linked.add(file.key())) return 0;
        files++;
        if (!session.progress(files, 0, 0)) session.checkCancelled();
        if (!file.isDirectory()) return file.isRegular() ? file.longNumber("size") : 0;
        long bytes = 0;
        for (var entry : FsFile.entries(path))
            try {
                bytes += add(entry, false, session);
            } catch (NoSuchFileException e) {
                if (top && e.getFile().equals(path.toString())) throw e;
            }
        if (!summary) show(path, bytes, session);
        return bytes;
    }

    private void show(Path path, long bytes, FsSession session) throws IOException {
        if (json) {
            var members = new LinkedHashMap<String, Object>();
            members.put("path", path.toString());
            members.put("bytes", bytes);
            session.print(Json.write(members));
        } else session.print((human ? size(bytes) : bytes) + "\t" + path);
    }
}
