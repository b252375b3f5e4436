package podium.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium fs import`.
@Command(
        name = "import",
        description = {
            "Makes the files of an archive (tar, tar.gz, zip) below a directory of a pod.",
            "Archives that reach outside it, or are beyond the limits, are refused."
        })
final class FsImport extends FsSubcommand {

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The archive; '-' for standard input.")
    String file;

    @Parameters(index = "1", paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    PodPlace place;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            description = "The most its files may be in all. Default: 64g.",
            converter = Sizes.class)
    long maxSize = 64L << 30;

    @Option(
            names = "--max-entries",
            paramLabel = "N",
            description = "The most files it may have. Default: ${DEFAULT-VALUE}.")
    long maxEntries = 1_000_000;

    @Option(
            names = "--max-ratio",
            paramLabel = "N",
            description = "How far it may be compressed. Default: ${DEFAULT-VALUE}.")
    int maxRatio = 200;

    @Option(
            names = "--outside-links",
            description = "Take symbolic links, too, that point outside the directory.")
    boolean outsideLinks;

    @Override
    String pod() {
        return place.pod();
    }

    @Override
    void check() throws CommandException {
        if (maxSize <= 0 || maxEntries <= 0 || maxRatio <= 0)
            throw new CommandException("limits are positive numbers", 2);
    }

    @Override
    void run(FsSession session) throws Exception {
        new ArchiveTransfer(session)
                .read(file, session.path(place), maxSize, maxEntries, maxRatio, outsideLinks);
    }
}
