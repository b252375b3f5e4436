package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class CompilerThreadsTest {

    /// The niceness of this process's threads, by name; the last of those with one name.
    private static Map<String, Integer> niceness() throws IOException {
        var found = new HashMap<String, Integer>();
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (var task : tasks) {
                var stat = Files.readString(task.resolve("stat"));
                int end = stat.lastIndexOf(')');
                var name = stat.substring(stat.indexOf('(') + 1, end);
                found.put(name, Integer.parseInt(stat.substring(end + 2).split(" ")[16]));
            }
        }
        return found;
    }

    @Test
    void onlyTheSecondGivesWay() throws IOException {
        var before = niceness();
        CompilerThreads.giveWay();
        int seen = 0;
        for (var entry : niceness().entrySet()) {
            if (entry.getKey().startsWith("C2 CompilerThre")) {
                assertEquals(CompilerThreads.NICENESS, entry.getValue());
                seen++;
            } else if (before.containsKey(entry.getKey())) {
                assertEquals(before.get(entry.getKey()), entry.getValue(), entry.getKey());
            }
        }
        assertFalse(seen == 0, () -> "no thread of C2 in " + before);
    }
}
