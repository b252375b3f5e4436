package podium.buildtool.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Which tests Node's own runner leaves out on Linux: the entries with `SKIP` of a folder's
/// `FOLDER.status`, in the sections that hold here.
final class StatusFile {

    private StatusFile() {}

    static Set<String> skipped(Path folder) throws IOException {
        var skipped = new HashSet<String>();
        var file = folder.resolve(folder.getFileName() + ".status");
        if (!Files.exists(file)) return skipped;
        boolean holds = false;
        for (var line : Files.readAllLines(file)) {
            var text = line.strip();
            if (text.startsWith("[")) holds = holds(text.substring(1, text.lastIndexOf(']')));
            else if (holds && !text.startsWith("#")) {
                var entry = text.split(":", 2);
                if (entry.length == 2 && entry[1].contains("SKIP")) skipped.add(entry[0].strip());
            }
        }
        return skipped;
    }

    /// A condition of equations, `&&` binding closer than `||`.
    private static boolean holds(String condition) {
        for (var alternative : condition.split("\\|\\|")) {
            boolean all = true;
            for (var term : alternative.split("&&")) {
                var fact = term.strip();
                all &= fact.equals("true") || fact.equals("$system==linux");
            }
            if (all) return true;
        }
        return false;
    }
}
