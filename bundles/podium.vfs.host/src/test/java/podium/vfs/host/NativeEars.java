package podium.vfs.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import podium.vfs.FileWatcher;

/// A program of the host's that watches a directory.
final class NativeEars extends Ears implements AutoCloseable {

    private final int inotify = Linux.inotifyInit();
    private final int empty = Linux.memfdCreate();
    private final int top;
    private final Map<Integer, String> watched = new HashMap<>();

    NativeEars(Path directory) {
        top = Linux.openDirectory(directory.toString().getBytes(StandardCharsets.UTF_8));
    }

    void watch(String path) {
        var bytes = (path.isEmpty() ? "." : path).getBytes(StandardCharsets.UTF_8);
        int file = Linux.openBelow(top, bytes, Linux.O_PATH, true);
        watched.put(Linux.inotifyAddWatch(inotify, file, MASK), path);
        Linux.close(file);
    }

    /// All that has happened so far.
    @Override
    synchronized List<String> lines() {
        int mark = Linux.inotifyAddWatch(inotify, empty, FileWatcher.ATTRIB);
        Linux.inotifyRmWatch(inotify, mark);
        for (boolean more = true; more; )
            for (var event : InotifyEvent.read(inotify)) {
                more &= event.watch() != mark;
                var what = watched.get(event.watch());
                if (what != null) add(what, event.mask(), event.cookie(), event.name());
            }
        return super.lines();
    }

    @Override
    public void close() {
        Linux.close(inotify);
        Linux.close(empty);
        Linux.close(top);
    }
}
