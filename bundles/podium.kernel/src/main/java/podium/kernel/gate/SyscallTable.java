package podium.kernel.gate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Numbers and arguments of Linux system calls, out of the resource `syscalls.tbl`.
final class SyscallTable {

    /// Greater than every number.
    static final int SIZE = 512;

    private static final @Nullable String[] NAMES = new String[SIZE];
    private static final Set<String> KNOWN = new HashSet<>();
    private static final Map<String, List<String>> KINDS = new HashMap<>();

    static {
        var resource = SyscallTable.class.getResourceAsStream("syscalls.tbl");
        try (var in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(resource), StandardCharsets.US_ASCII))) {
            for (String line; (line = in.readLine()) != null; ) read(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SyscallTable() {}

    private static void read(String line) {
        if (line.startsWith("#")) return;
        var words = line.split(" ");
        NAMES[Integer.parseInt(words[0])] = words[1];
        KNOWN.add(words[1]);
        if (words.length > 2)
            KINDS.put(
                    words[1],
                    words[2].equals("-") ? List.of() : List.of(words).subList(2, words.length));
    }

    /// The name of a number, or null.
    static @Nullable String name(int number) {
        return number >= 0 && number < SIZE ? NAMES[number] : null;
    }

    static boolean isKnown(String name) {
        return KNOWN.contains(name);
    }

    /// What the arguments of a system call are, or null when the table does not say.
    static @Nullable List<String> kinds(String name) {
        return KINDS.get(name);
    }
}
