package podium.cli;

import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `podium fs cat`.
@Command(name = "cat", description = "Writes what is in files to standard output.")
final class FsCat extends FsSubcommand {

    @Parameters(arity = "1..*", paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    List<PodPlace> places = List.of();

    @Override
    String pod() {
        return places.getFirst().pod();
    }

    @Override
    void run(FsSession session) throws Exception {
        var buffer = new byte[1 << 16];
        for (var place : places)
            try (var in = session.closing(Files.newInputStream(session.path(place)))) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    session.checkCancelled();
                    session.output().write(buffer, 0, count);
                    // What waits for more has shown what there is.
                    if (count < buffer.length) session.output().flush();
                }
            }
    }
}
