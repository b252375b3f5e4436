package podium.vfs.host;

import java.util.concurrent.CopyOnWriteArrayList;
import podium.vfs.FileWatcher;

/// An inode that an inotify instance watches.
///
/// @param number of the watch
record Watched(
        Instance instance, int number, HostNode node, CopyOnWriteArrayList<FileWatcher> watchers) {

    Watched(Instance instance, int number, HostNode node) {
        this(instance, number, node, new CopyOnWriteArrayList<>());
    }

    void tell(int event, int cookie, @org.jspecify.annotations.Nullable String name) {
        for (var watcher : watchers) watcher.event(event, cookie, name);
    }

    /// @return whether it was the last one
    boolean remove(FileWatcher watcher) {
        return watchers.remove(watcher) && watchers.isEmpty();
    }
}
