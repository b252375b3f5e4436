package podium.posix;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the command is told.
final class Options {

    static final String USAGE =
            "usage: conformance posix [--backend NAME[,NAME...]] [--user ID] [--on FOLDER] [--jobs N] [--json FILE]"
                    + " DIR [NAME...]";

    /// Our side of the suite, `calls` for this machine and for a guest.
    Path support = Path.of("");
    Path nativeCalls = Path.of("");
    Path guestCalls = Path.of("");

    /// The checkout of the suite.
    @Nullable Path suite;

    /// A folder on the file system of this machine that is asked, and lent to pods.
    Path on = Path.of(System.getProperty("java.io.tmpdir"));

    List<Backend> backends = List.of(Backend.values());

    /// Who makes the calls; negative for the superuser.
    int user = -1;

    int jobs = Runtime.getRuntime().availableProcessors();
    @Nullable Path json;

    /// Beginnings of names of scripts; empty for all.
    final Set<String> names = new HashSet<>();

    private Options() {}

    /// @throws IllegalArgumentException they are wrong; one line for people
    static Options parse(String[] arguments) {
        var options = new Options();
        var words = new ArrayDeque<>(List.of(arguments));
        while (!words.isEmpty()) {
            var word = words.remove();
            if (word.startsWith("--")) options.option(word, words);
            else if (options.suite == null) options.suite = Path.of(word).toAbsolutePath();
            else options.names.add(word);
        }
        if (options.suite == null)
            throw new IllegalArgumentException("the folder of a checkout of pjdfstest is wanted");
        return options;
    }

    private void option(String word, ArrayDeque<String> words) {
        switch (word) {
            case "--support" -> support = path(word, words);
            case "--native-calls" -> nativeCalls = path(word, words);
            case "--guest-calls" -> guestCalls = path(word, words);
            case "--on" -> on = path(word, words);
            case "--json" -> json = path(word, words);
            case "--user" -> user = number(word, words);
            case "--jobs" -> jobs = Math.max(1, number(word, words));
            case "--backend" -> {
                var chosen = new ArrayList<Backend>();
                for (var name : value(word, words).split(",")) chosen.add(Backend.of(name));
                backends = List.copyOf(chosen);
            }
            default -> throw new IllegalArgumentException("no option " + word);
        }
    }

    private static String value(String word, ArrayDeque<String> words) {
        var value = words.poll();
        if (value == null) throw new IllegalArgumentException(word + " needs a value");
        return value;
    }

    private static Path path(String word, ArrayDeque<String> words) {
        return Path.of(value(word, words)).toAbsolutePath();
    }

    private static int number(String word, ArrayDeque<String> words) {
        var value = value(word, words);
        if (!value.matches("\\d{1,6}"))
            throw new IllegalArgumentException(word + " needs a number, not " + value);
        return Integer.parseInt(value);
    }

    /// Whether a script is asked for.
    boolean wants(Script script) {
        return names.isEmpty() || names.stream().anyMatch(script.name()::startsWith);
    }
}
