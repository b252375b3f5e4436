package podium.cli;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// One of `podium fs`. The program reads the command line and sends its words to the container that
/// has the pod, which reads them once more and calls [#run]: so that a subcommand is one class.
@Command(mixinStandardHelpOptions = true)
abstract class FsSubcommand implements Callable<Integer> {

    private static final Set<String> HOST_PATHS = Set.of("host", "store", "sqlite");

    @Spec CommandSpec spec;

    /// The pod whose container carries it out; empty when any container can.
    abstract String pod();

    /// Whether what a user asks for makes no sense, on the program's side.
    ///
    /// @throws CommandException it does not
    void check() throws CommandException {}

    /// Carries it out, in the container.
    ///
    /// @throws Exception one line for people
    abstract void run(FsSession session) throws Exception;

    @Override
    public Integer call() throws Exception {
        check();
        var status = FsClient.run(words());
        if (status == null)
            throw new CommandException(ControlClient.NO_SUCH_POD + " '" + pod() + "'");
        return status;
    }

    /// The words behind `fs`.
    final List<String> words() {
        var words =
                Objects.requireNonNull(spec.root().commandLine().getParseResult()).originalArgs();
        return words.subList(words.indexOf(FsCommand.NAME) + 1, words.size());
    }

    /// What words ask for.
    static FsSubcommand of(List<String> words) {
        var array = words.toArray(String[]::new);
        var line = CommandLines.of(new FsCommand(), java.nio.file.Path.of("/"), array);
        var parsed = line.parseArgs(array);
        if (parsed.subcommand() == null
                || !(parsed.subcommand().commandSpec().userObject() instanceof FsSubcommand one))
            throw new IllegalArgumentException("no such command: " + words);
        return one;
    }

    /// A mount's source, absolute where the type takes a path of the host's.
    static String hostSource(FsSession session, String type, String source) {
        boolean path = HOST_PATHS.contains(type) && !source.isEmpty();
        return path ? session.hostPath(source).toString() : source;
    }

    /// Bytes for people.
    static String size(long bytes) {
        if (bytes < 1 << 10) return bytes + " B";
        int power = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        return String.format(
                Locale.ROOT,
                "%.1f %siB",
                bytes / (double) (1L << 10 * power),
                "KMGTPE".charAt(power - 1));
    }

    /// Number and noun.
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
