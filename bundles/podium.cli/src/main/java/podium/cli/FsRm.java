package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium fs rm`.
@Command(name = "rm", description = "Removes files.")
final class FsRm extends FsSubcommand {

    @Parameters(arity = "1..*", paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    List<PodPlace> places = List.of();

    @Option(
            names = {"-r", "--recursive"},
            description = "Directories, too, with all that is in them.")
    boolean recursive;

    @Option(
            names = {"-f", "--force"},
            description = "What is not there is no error.")
    boolean force;

    private long removed;

    @Override
    String pod() {
        return places.getFirst().pod();
    }

    @Override
    void run(FsSession session) throws Exception {
        for (var place : places) {
            var path = session.path(place);
            if (path.normalize().getNameCount() == 0)
                throw new CommandException("'" + place + "' is the pod's root, which stays");
            try {
                if (FsFile.of(path).isDirectory() && !recursive)
                    throw new CommandException(
                            "'" + place + "' is a directory (--recursive removes it)");
                remove(path, session);
            } catch (NoSuchFileException e) {
                if (!force) throw e;
            }
        }
    }

    /// Links are removed and not followed. What a guest removes meanwhile is what was wanted.
    private void remove(Path path, FsSession session) throws IOException {
        if (FsFile.of(path).isDirectory())
            for (var entry : FsFile.entries(path))
                try {
                    remove(entry, session);
                } catch (NoSuchFileException _) {
                    // Somebody else removed it.
                }
        Files.delete(path);
        if (!session.progress(++removed, 0, 0)) session.checkCancelled();
    }
}
