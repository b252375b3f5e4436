package podium.vfs.host;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.vfs.ChangeSource;
import podium.vfs.FileWatcher;

/// Events that somebody has heard, as text: what is watched, the mask in hexadecimal, `=N` for what
/// belongs together, and the name. Thread-safe.
abstract class Ears {

    static final int MASK = ChangeSource.KINDS | FileWatcher.CLOSE_WRITE;
    private static final int UNASKED =
            FileWatcher.IGNORED | FileWatcher.UNMOUNT | FileWatcher.OVERFLOW;

    private final List<String> lines = new ArrayList<>();
    private final Map<Integer, Integer> cookies = new HashMap<>();

    /// The same twice in a row is once, as in a queue that nobody has read meanwhile.
    final synchronized void add(String what, int mask, int cookie, @Nullable String name) {
        if ((mask & (MASK | UNASKED)) == 0) return;
        var pair = cookie == 0 ? "" : "=" + cookies.computeIfAbsent(cookie, _ -> cookies.size());
        boolean lost = (mask & FileWatcher.OVERFLOW) != 0;
        var line = (lost ? "" : what) + ":" + Integer.toHexString(mask) + pair + " " + name;
        if (lines.isEmpty() || !lines.getLast().equals(line)) lines.add(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    final synchronized void clear() {
        lines.clear();
    }
}
