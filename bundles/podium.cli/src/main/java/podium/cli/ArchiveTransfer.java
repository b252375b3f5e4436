package podium.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import podium.vfs.Archives;

/// What `podium fs export` and `import` do in the container. Apart from these, which the program
/// loads without the API.
final class ArchiveTransfer {

    private static final String STANDARD = "-";

    private final FsSession session;
    private final Archives archives;

    /// @throws CommandException the container has no archives
    ArchiveTransfer(FsSession session) throws CommandException {
        this.session = session;
        archives = session.archives();
    }

    /// @param format of [Archives.Format]
    /// @param file of the host's; `-` for standard output
    void write(Path path, String format, String file) throws IOException, CommandException {
        var kind = Archives.Format.valueOf(format);
        if (file.equals(STANDARD) && session.isTerminal())
            throw new CommandException("an archive is nothing for a terminal: name a FILE");
        var summary =
                file.equals(STANDARD)
                        ? write(path, kind, session.output())
                        : toFile(path, kind, session.hostPath(file));
        session.message("exported " + shown(summary));
    }

    private Archives.Summary toFile(Path path, Archives.Format format, Path to)
            throws IOException, CommandException {
        if (Files.isDirectory(to)) throw new CommandException("'" + to + "' is a directory");
        return WholeFile.write(
                to,
                part -> {
                    try (var out = Files.newOutputStream(part)) {
                        return write(path, format, out);
                    }
                });
    }

    private Archives.Summary write(Path path, Archives.Format format, OutputStream out)
            throws IOException {
        return archives.write(
                path, format, out, (entries, bytes) -> session.progress(entries, bytes, 0));
    }

    /// @param file of the host's; `-` for standard input
    void read(
            String file,
            Path target,
            long maxSize,
            long maxEntries,
            int maxRatio,
            boolean outsideLinks)
            throws IOException {
        var limits = new Archives.Limits(maxSize, maxEntries, maxRatio, outsideLinks);
        if (file.equals(STANDARD)) {
            read(session.input(), target, limits, 0);
            return;
        }
        var archive = session.hostPath(file);
        // What is compressed is more than its size: then there is no telling how far it is.
        long total = file.endsWith(".tar") ? Files.size(archive) : 0;
        try (var in = Files.newInputStream(archive)) {
            read(in, target, limits, total);
        }
    }

    private void read(InputStream in, Path target, Archives.Limits limits, long total)
            throws IOException {
        var summary =
                archives.read(
                        in,
                        target,
                        limits,
                        (entries, bytes) -> session.progress(entries, bytes, total));
        session.message("imported " + shown(summary));
    }

    private static String shown(Archives.Summary summary) {
        var text = summary.entries() == 1 ? "1 entry" : summary.entries() + " entries";
        var left =
                summary.left() == 0
                        ? ""
                        : "; left out " + FsSubcommand.count(summary.left(), "special file");
        return text + ", " + FsSubcommand.size(summary.bytes()) + left;
    }
}
