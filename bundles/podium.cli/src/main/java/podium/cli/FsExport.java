package podium.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import podium.vfs.Archives;

/// `podium fs export`.
@Command(
        name = "export",
        description = {
            "Archives a directory of a pod, or a file.",
            "Modes, owners, times and links are kept. A zip has no hard links."
        })
final class FsExport extends FsSubcommand {

    @Parameters(index = "0", paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    PodPlace place;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "The archive; standard output when it is missing or '-'.")
    String file = "-";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "tar, tar.gz or zip. Default: what FILE ends with, or tar.",
            converter = FormatConverter.class)
    @Nullable String format;

    /// Takes the formats there are.
    static final class FormatConverter implements picocli.CommandLine.ITypeConverter<String> {

        @Override
        public String convert(String text) {
            var known = known("." + text.toLowerCase(Locale.ROOT));
            if (known == null)
                throw new picocli.CommandLine.TypeConversionException(
                        "'" + text + "' is not tar, tar.gz or zip");
            return known;
        }
    }

    private static @Nullable String known(String name) {
        if (name.endsWith(".zip")) return "ZIP";
        if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) return "TAR_GZ";
        return name.endsWith(".tar") ? "TAR" : null;
    }

    @Override
    String pod() {
        return place.pod();
    }

    @Override
    void run(FsSession session) throws Exception {
        var path = session.path(place);
        var kind = format != null ? format : known(file.toLowerCase(Locale.ROOT));
        var as = Archives.Format.valueOf(kind == null ? "TAR" : kind);
        if (!file.equals("-")) {
            var to = session.hostPath(file);
            var summary = toFile(path, as, to, session);
            tell(summary, session);
            return;
        }
        if (session.isTerminal())
            throw new CommandException("an archive is nothing for a terminal: name a FILE");
        tell(write(path, as, session.output(), session), session);
    }

    /// Under another name until it is whole.
    private static Archives.Summary toFile(
            Path path, Archives.Format format, Path to, FsSession session)
            throws IOException, CommandException {
        if (Files.isDirectory(to)) throw new CommandException("'" + to + "' is a directory");
        var part = to.resolveSibling(Objects.requireNonNull(to.getFileName()) + ".part");
        boolean done = false;
        try {
            Archives.Summary summary;
            try (var out = Files.newOutputStream(part)) {
                summary = write(path, format, out, session);
            }
            Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
            done = true;
            return summary;
        } finally {
            if (!done) Files.deleteIfExists(part);
        }
    }

    private static Archives.Summary write(
            Path path, Archives.Format format, OutputStream out, FsSession session)
            throws IOException, CommandException {
        return session.archives()
                .write(path, format, out, (entries, bytes) -> session.progress(entries, bytes, 0));
    }

    private void tell(Archives.Summary summary, FsSession session) throws IOException {
        session.message("exported " + FsImport.shown(summary));
    }
}
