package podium.posix;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the command is told.
@Command(
        name = "conformance posix",
        mixinStandardHelpOptions = true,
        description =
                "Runs pjdfstest's scripts on file systems of pods and on this machine's Linux.")
final class Options {

    /// Our side of the suite, `calls` for this machine and for a guest.
    @Option(names = "--support", hidden = true)
    Path support = Path.of("");

    @Option(names = "--native-calls", hidden = true)
    Path nativeCalls = Path.of("");

    @Option(names = "--guest-calls", hidden = true)
    Path guestCalls = Path.of("");

    @Option(
            names = "--on",
            paramLabel = "FOLDER",
            description = "Where Linux is asked, and what is lent to pods.")
    Path on = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--backend",
            split = ",",
            paramLabel = "NAME",
            description = "One or more of ${COMPLETION-CANDIDATES}. Default: all.")
    List<Backend> backends = List.of(Backend.values());

    @Option(
            names = "--user",
            paramLabel = "ID",
            description = "Who makes the calls. Default: the superuser.")
    int user = -1;

    @Option(names = "--jobs", paramLabel = "N", description = "Scripts at a time.")
    int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Where the result goes as JSON, too.")
    @Nullable Path json;

    @Parameters(index = "0", paramLabel = "DIR", description = "A checkout of pjdfstest.")
    Path suite = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "NAME",
            description = "Beginnings of scripts' names, such as rename/0. Default: all.")
    List<String> names = new ArrayList<>();

    /// Whether a script is asked for.
    boolean wants(Script script) {
        return names.isEmpty() || names.stream().anyMatch(script.name()::startsWith);
    }
}
