package podium.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import podium.vfs.Archives;

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
        var target = session.path(place);
        if (file.equals("-")) {
            read(session.input(), target, 0, session);
            return;
        }
        var archive = session.hostPath(file);
        try (var in = Files.newInputStream(archive)) {
            read(in, target, Files.size(archive), session);
        }
    }

    private void read(InputStream in, java.nio.file.Path target, long size, FsSession session)
            throws IOException, CommandException {
        var limits = new Archives.Limits(maxSize, maxEntries, maxRatio, outsideLinks);
        // What is compressed is more than its size: then there is no telling how far it is.
        long total = file.endsWith(".tar") ? size : 0;
        var summary =
                session.archives()
                        .read(
                                in,
                                target,
                                limits,
                                (entries, bytes) -> session.progress(entries, bytes, total));
        session.message("imported " + shown(summary));
    }

    static String shown(Archives.Summary summary) {
        var text = summary.entries() == 1 ? "1 entry" : summary.entries() + " entries";
        var left = summary.left() == 0 ? "" : "; left out " + count(summary.left(), "special file");
        return text + ", " + size(summary.bytes()) + left;
    }
}
