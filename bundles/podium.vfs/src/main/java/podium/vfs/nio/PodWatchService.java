package podium.vfs.nio;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NotDirectoryException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.vfs.Node;

/// Watches directories of a pod, by the VFS's own watches.
final class PodWatchService implements WatchService {

    private final PodFileSystem fileSystem;

    /// By directory. Guarded by this.
    private final Map<Node, PodWatchKey> keys = new HashMap<>();

    private final LinkedBlockingDeque<PodWatchKey> signalled = new LinkedBlockingDeque<>();

    /// What wakes those who wait when the service is closed.
    private final PodWatchKey end;

    private volatile boolean closed;

    PodWatchService(PodFileSystem fileSystem) {
        this.fileSystem = fileSystem;
        end = new PodWatchKey(this, fileSystem.getPath("/"), null, Set.of());
    }

    PodFileSystem fileSystem() {
        return fileSystem;
    }

    WatchKey register(PodPath path, WatchEvent.Kind<?>[] wanted) throws IOException {
        var kinds = kinds(wanted);
        var place = Failures.on(path, () -> fileSystem.resolve(path, true));
        if (!(place.node() instanceof Node.Directory))
            throw new NotDirectoryException(path.toString());
        Failures.run(
                path,
                () ->
                        fileSystem
                                .namespace()
                                .access(fileSystem.context(), place, 4, true)); // as inotify(7)
        synchronized (this) {
            if (closed) throw new ClosedWatchServiceException();
            var known = keys.get(place.node());
            if (known != null && known.isValid()) {
                known.setKinds(kinds);
                return known;
            }
            var key = new PodWatchKey(this, path, place, kinds);
            keys.put(place.node(), key);
            place.watch(key);
            return key;
        }
    }

    private static Set<WatchEvent.Kind<?>> kinds(WatchEvent.Kind<?>[] wanted) {
        var kinds = new HashSet<WatchEvent.Kind<?>>();
        for (var kind : wanted) {
            if (kind == StandardWatchEventKinds.ENTRY_CREATE
                    || kind == StandardWatchEventKinds.ENTRY_DELETE
                    || kind == StandardWatchEventKinds.ENTRY_MODIFY) kinds.add(kind);
            else if (java.util.Objects.requireNonNull(kind) != StandardWatchEventKinds.OVERFLOW)
                throw new UnsupportedOperationException("kind " + kind);
        }
        if (kinds.isEmpty()) throw new IllegalArgumentException("no events to register");
        return kinds;
    }

    /// A key has events. Called with locks of the VFS held.
    void signal(PodWatchKey key) {
        signalled.add(key);
    }

    synchronized void cancelled(PodWatchKey key) {
        keys.values().remove(key);
    }

    private @Nullable PodWatchKey checked(@Nullable PodWatchKey key) {
        if (key != end && !closed) return key;
        signalled.add(end); // for the next one
        throw new ClosedWatchServiceException();
    }

    @Override
    public @Nullable WatchKey poll() {
        return checked(signalled.poll());
    }

    @Override
    public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
        return checked(closed ? end : signalled.poll(timeout, unit));
    }

    @Override
    public WatchKey take() throws InterruptedException {
        var key = checked(closed ? end : signalled.take());
        if (key == null) throw new ClosedWatchServiceException();
        return key;
    }

    @Override
    public void close() {
        Set<PodWatchKey> all;
        synchronized (this) {
            if (closed) return;
            closed = true;
            all = new HashSet<>(keys.values());
        }
        for (var key : all) key.cancel();
        signalled.clear();
        signalled.add(end);
        fileSystem.closed(this);
    }
}
