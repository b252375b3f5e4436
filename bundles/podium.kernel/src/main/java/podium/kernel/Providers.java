package podium.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import podium.engine.LinkException;
import podium.kernel.gate.GateTable;

/// Which bundle would provide the import modules that nobody serves, out of the resource
/// `providers.tbl`.
final class Providers {

    private static final Map<String, String> BUNDLES = new HashMap<>();

    static {
        var resource = Providers.class.getResourceAsStream("providers.tbl");
        try (var in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(resource), StandardCharsets.US_ASCII))) {
            for (String line; (line = in.readLine()) != null; ) {
                var words = line.split(" ");
                if (!line.startsWith("#")) BUNDLES.put(words[0], words[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Providers() {}

    /// What is missing, and where it is to be had, in one line.
    static String explain(LinkException e, GateTable gates) {
        var bundles = new TreeSet<String>();
        for (var wanted : e.missing()) {
            var bundle = gates.serves(wanted.module()) ? null : BUNDLES.get(wanted.module());
            if (bundle != null) bundles.add(bundle);
        }
        return bundles.isEmpty()
                ? String.valueOf(e.getMessage())
                : e.getMessage() + "; install " + String.join(", ", bundles);
    }
}
