package podium.syscall;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which bundle would provide an import that nobody does, as far as Podium has one, out of the
/// resource `families.tbl`: for whoever tells what is missing. Thread-safe.
public final class KnownFamilies {

    private static final Map<String, String> BUNDLES = new HashMap<>();

    static {
        var resource = KnownFamilies.class.getResourceAsStream("families.tbl");
        try (var in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(resource), StandardCharsets.US_ASCII))) {
            for (String line; (line = in.readLine()) != null; ) {
                var words = line.split(" ");
                if (line.startsWith("#")) continue;
                for (int i = 2; i < words.length; i++)
                    BUNDLES.put(words[0] + "." + words[i], words[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private KnownFamilies() {}

    /// The bundle that has a function, whether it is there or not.
    ///
    /// @param module, name of an import
    /// @return a symbolic name, or null when none is known
    public static @Nullable String bundle(String module, String name) {
        return BUNDLES.get(module + "." + name);
    }
}
