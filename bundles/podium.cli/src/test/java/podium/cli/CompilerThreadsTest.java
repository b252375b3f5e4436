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
                var name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                found.put(name, niceness(stat));
            }
        }
        return found;
    }

    private static int niceness(String stat) {
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    @Test
    void onlyTheSecondGivesWay() throws IOException {
        var before = niceness();
        int own = niceness(Files.readString(Path.of("/proc/thread-self/stat")));
        int lower = Math.min(CompilerThreads.MOST, own + CompilerThreads.NICENESS);
        CompilerThreads.giveWay();
        int seen = 0;
        for (var entry : niceness().entrySet()) {
            if (entry.getKey().startsWith("C2 CompilerThre")) {
                assertEquals(lower, entry.getValue());
                seen++;
            } else if (before.containsKey(entry.getKey())) {
                assertEquals(before.get(entry.getKey()), entry.getValue(), entry.getKey());
            }
        }
        assertFalse(seen == 0, () -> "no thread of C2 in " + before);
    }
}
