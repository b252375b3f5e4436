package podium.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The same done in a directory of the JDK's own file system and in one of a pod: it must come to
/// the same.
record FilesTwin(Path linux, Path ours) {

    /// Something done in a directory.
    interface Deed {
        @Nullable Object in(Path folder) throws Exception;
    }

    /// What came of it: a result, or an exception.
    private record Outcome(@Nullable Object result, @Nullable Throwable failure) {

        static Outcome of(Deed deed, Path folder) {
            try {
                return new Outcome(shown(deed.in(folder), folder), null);
            } catch (AssertionError e) {
                throw e;
            } catch (Throwable e) {
                return new Outcome(null, cause(e));
            }
        }

        private static Throwable cause(Throwable e) {
            return e instanceof java.io.UncheckedIOException failure
                    ? java.util.Objects.requireNonNull(failure.getCause())
                    : e;
        }

        /// Paths below the folder, as text.
        private static @Nullable Object shown(@Nullable Object result, Path folder) {
            return switch (result) {
                case null -> null;
                case Path path when path.isAbsolute() && path.startsWith(folder) ->
                        "./" + folder.relativize(path);
                case Path path -> path.toString();
                case Collection<?> many -> {
                    var texts = new TreeSet<String>();
                    for (var one : many) texts.add(String.valueOf(shown(one, folder)));
                    yield texts;
                }
                case byte[] bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
                default -> result;
            };
        }
    }

    /// Does it in both. Ours may throw a narrower exception than the JDK, which knows no better.
    void same(Deed deed) {
        var expected = Outcome.of(deed, linux);
        var actual = Outcome.of(deed, ours);
        if (expected.failure() == null || actual.failure() == null) {
            assertEquals(expected, actual);
            return;
        }
        assertTrue(
                expected.failure().getClass().isInstance(actual.failure()),
                () -> expected.failure() + " expected, not " + actual.failure());
    }

    /// All there is, with what matters of it.
    void sameTrees() {
        same(FilesTwin::tree);
    }

    private static String tree(Path folder) throws IOException {
        var text = new StringBuilder();
        try (var walk = Files.walk(folder)) {
            for (var path : (Iterable<Path>) walk.sorted()::iterator) {
                var all = Files.readAttributes(path, "unix:mode,nlink", NOFOLLOW_LINKS);
                text.append(
                        "%s %o %s"
                                .formatted(
                                        folder.relativize(path),
                                        (Integer) all.get("mode"),
                                        all.get("nlink")));
                if (Files.isRegularFile(path, NOFOLLOW_LINKS))
                    text.append(' ').append(Files.size(path));
                if (Files.isSymbolicLink(path))
                    text.append(" -> ").append(Files.readSymbolicLink(path));
                text.append('\n');
            }
        }
        return text.toString();
    }
}
