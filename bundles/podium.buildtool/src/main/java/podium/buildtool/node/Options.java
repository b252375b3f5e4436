package podium.buildtool.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the command is told.
final class Options {

    static final String USAGE =
            "usage: conformance node [--module NAME[,NAME...]]... [--native|--program FILE] [--passing] [--write]"
                    + " [--times N] [--jobs N] [--timeout SECONDS] [--json FILE] DIR [NAME...]";

    /// The guest's root file system and what was prepared for it.
    Path image = Path.of("");
    Path modules = Path.of("");

    /// Programs that tests expect of a machine.
    Path machine = Path.of("");

    Path baseline = Path.of("");
    Path differences = Path.of("");

    /// What Deno passes, for the page of differences.
    Path deno = Path.of("");

    /// A Node of this machine, rather than the guest in pods.
    @Nullable Path program;

    /// Where JSON goes.
    @Nullable Path json;

    /// Where the tests are.
    Path checkout = Path.of("");

    /// Modules to test; empty for all.
    final Set<String> wanted = new HashSet<>();

    /// Parts of names of tests, of which a test has to have one; empty for all.
    final Set<String> names = new HashSet<>();

    /// Only the tests that the baseline has as passing.
    boolean passing;

    /// Whether the baseline takes over what comes of the tests.
    boolean write;

    /// How often each test is run.
    int times = 1;

    int jobs = Runtime.getRuntime().availableProcessors();
    Duration timeout = Duration.ofSeconds(60);

    private Options() {}

    /// @throws IllegalArgumentException they are wrong; one line for people
    static Options parse(String[] arguments) {
        var options = new Options();
        var words = new ArrayDeque<>(List.of(arguments));
        while (!words.isEmpty()) {
            var word = words.remove();
            if (word.startsWith("--")) options.option(word, words);
            else if (options.checkout.toString().isEmpty())
                options.checkout = Path.of(word).toAbsolutePath().normalize();
            else options.names.add(word);
        }
        if (options.checkout.toString().isEmpty())
            throw new IllegalArgumentException("the folder of a checkout of Node is wanted");
        if (options.write && options.program != null)
            throw new IllegalArgumentException("the baseline is of the guest in pods");
        return options;
    }

    private void option(String word, ArrayDeque<String> words) {
        switch (word) {
            case "--passing" -> passing = true;
            case "--write" -> write = true;
            case "--image" -> image = path(word, words);
            case "--modules" -> modules = path(word, words);
            case "--machine" -> machine = path(word, words);
            case "--baseline" -> baseline = path(word, words);
            case "--differences" -> differences = path(word, words);
            case "--deno" -> deno = path(word, words);
            case "--program" -> program = path(word, words);
            case "--json" -> json = path(word, words);
            case "--module" -> Stream.of(value(word, words).split(",")).forEach(wanted::add);
            case "--times" -> times = number(word, words);
            case "--jobs" -> jobs = number(word, words);
            case "--timeout" -> timeout = Duration.ofSeconds(number(word, words));
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
        if (!value.matches("[1-9]\\d{0,5}"))
            throw new IllegalArgumentException(word + " needs a number, not " + value);
        return Integer.parseInt(value);
    }

    /// Whether a test is asked for.
    boolean wants(TestFile test) {
        return (wanted.isEmpty() || wanted.contains(test.module()))
                && (names.isEmpty() || names.stream().anyMatch(test.name()::contains));
    }
}
