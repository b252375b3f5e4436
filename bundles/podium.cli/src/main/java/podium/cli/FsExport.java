package podium.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
        new ArchiveTransfer(session).write(path, kind == null ? "TAR" : kind, file);
    }
}
