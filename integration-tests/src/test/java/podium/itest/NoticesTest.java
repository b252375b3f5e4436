package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The notices name every pinned source that is shipped, and cost no more than reading them.
class NoticesTest {

    private static final Path LOCK = Program.ROOT.resolve("cnf/sources.lock");
    private static final Path LIBRARIES = Program.ROOT.resolve("bundles/podium.guest.libc");

    /// What serves tests alone.
    private static final Set<String> UNSHIPPED =
            Set.of("binaryen", "nodejs-test", "sqlite", "wabt", "wasi-libc", "wasi-programs");

    @TempDir Path folder;

    /// Runs the tool.
    ///
    /// @return the sources that were unpacked whole for it
    private Set<String> write() throws Exception {
        var asked = folder.resolve("asked");
        var fetch =
                Files.writeString(
                        folder.resolve("fetch"),
                        "#!/bin/sh\necho \"$2\" >> %s\nexec %s \"$@\"\n"
                                .formatted(asked, Program.ROOT.resolve("cnf/fetch")));
        Files.setPosixFilePermissions(fetch, PosixFilePermissions.fromString("rwxr-xr-x"));
        var tool =
                new ProcessBuilder(
                                "python3",
                                Program.ROOT.resolve("cnf/podium/notices.py").toString(),
                                folder.toString(),
                                LOCK.toString(),
                                fetch.toString(),
                                LIBRARIES.toString())
                        .inheritIO()
                        .start();
        assertEquals(0, tool.waitFor());
        return new TreeSet<>(Files.readAllLines(asked));
    }

    private static List<String> pins() throws IOException {
        try (var lines = Files.lines(LOCK)) {
            return lines.filter(line -> !line.startsWith("#") && !line.isBlank()).toList();
        }
    }

    /// The sources that recipes compile libraries from.
    private static Set<String> compiled() throws IOException {
        var field = "# source: ";
        var sources = new TreeSet<String>();
        try (var recipes = Files.newDirectoryStream(LIBRARIES.resolve("lib"), "*.sh")) {
            for (var recipe : recipes)
                for (var line : Files.readAllLines(recipe))
                    if (line.startsWith(field)) sources.add(line.substring(field.length()).strip());
        }
        return sources;
    }

    @Test
    void everySourceHasItsText() throws Exception {
        write();
        var notices = Files.readString(folder.resolve("THIRD-PARTY.md"));
        for (var pin : pins()) {
            var fields = pin.split(" +");
            if (UNSHIPPED.contains(fields[0])) continue;
            assertTrue(notices.contains("\n| " + fields[0] + " | " + fields[1] + " | "), pin);
            assertTrue(notices.contains("\n### " + fields[0] + " " + fields[1] + "\n\n    "), pin);
        }
    }

    @Test
    void noLibrarysSourceIsUnpackedForItsNoticesAlone() throws Exception {
        var compiled = compiled();
        assertTrue(compiled.contains("llvm"), compiled.toString());
        compiled.retainAll(write());
        assertEquals(Set.of(), compiled);
    }
}
