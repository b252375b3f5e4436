package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import podium.vfs.Node;

/// Reads directories as guests do.
final class Directories {

    private Directories() {}

    /// All names, some at a time.
    static List<String> names(Node.Directory directory, int limit) {
        var names = new ArrayList<String>();
        long cookie = 0;
        for (; ; ) {
            var some = directory.entries(cookie, limit);
            if (some.isEmpty()) return names;
            assertTrue(some.size() <= limit);
            for (var entry : some) names.add(entry.name());
            cookie = some.getLast().cookie();
        }
    }
}
