package podium.vfs.nio;

import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileWatcher;
import podium.vfs.Location;

/// A watched directory. Its monitor guards its events, and is held for a moment only.
final class PodWatchKey implements WatchKey, FileWatcher {

    /// More are an overflow.
    private static final int MOST = 512;

    private static final int CREATED = CREATE | MOVED_TO;
    private static final int DELETED = DELETE | MOVED_FROM;
    private static final int MODIFIED = MODIFY | ATTRIB;
    private static final int GONE = DELETE_SELF | UNMOUNT | IGNORED;

    private final PodWatchService service;
    private final PodPath directory;
    private final @Nullable Location place;
    private volatile Set<WatchEvent.Kind<?>> kinds;
    private volatile boolean valid = true;

    private List<Event> events = new ArrayList<>();
    private boolean signalled;

    /// @param place null for one that watches nothing
    PodWatchKey(
            PodWatchService service,
            PodPath directory,
            @Nullable Location place,
            Set<WatchEvent.Kind<?>> kinds) {
        this.service = service;
        this.directory = directory;
        this.place = place;
        this.kinds = kinds;
    }

    /// Something that happened, perhaps several times in a row.
    private record Event(WatchEvent.Kind<Object> kind, @Nullable Path context, int count)
            implements WatchEvent<Object> {

        boolean is(WatchEvent.Kind<?> other, @Nullable Path about) {
            return kind == other && java.util.Objects.equals(context, about);
        }

        Event again() {
            return new Event(kind, context, count + 1);
        }
    }

    void setKinds(Set<WatchEvent.Kind<?>> kinds) {
        this.kinds = kinds;
    }

    @Override
    public void event(int event, int cookie, @Nullable String name) {
        if ((event & GONE) != 0 && name == null) {
            valid = false;
            signal();
        } else if ((event & OVERFLOW) != 0) {
            overflow();
        } else if (name != null) {
            var kind = kind(event);
            if (kind != null && kinds.contains(kind)) add(kind, directory.named(name));
        }
    }

    private static WatchEvent.@Nullable Kind<?> kind(int event) {
        if ((event & CREATED) != 0) return StandardWatchEventKinds.ENTRY_CREATE;
        if ((event & DELETED) != 0) return StandardWatchEventKinds.ENTRY_DELETE;
        if ((event & MODIFIED) != 0) return StandardWatchEventKinds.ENTRY_MODIFY;
        return null;
    }

    @SuppressWarnings("unchecked") // an event of ours is read by kind and context alone
    private synchronized void add(WatchEvent.Kind<?> kind, @Nullable Path context) {
        int last = events.size() - 1;
        if (last >= 0 && events.get(last).is(kind, context)) {
            events.set(last, events.get(last).again());
        } else if (events.size() < MOST) {
            events.add(new Event((WatchEvent.Kind<Object>) kind, context, 1));
        } else {
            overflow();
            return;
        }
        signal();
    }

    private synchronized void overflow() {
        events.clear();
        add(StandardWatchEventKinds.OVERFLOW, null);
    }

    private synchronized void signal() {
        if (signalled) return;
        signalled = true;
        service.signal(this);
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public synchronized List<WatchEvent<?>> pollEvents() {
        var polled = List.<WatchEvent<?>>copyOf(events);
        events = new ArrayList<>();
        return polled;
    }

    @Override
    public synchronized boolean reset() {
        if (!valid) return false;
        if (events.isEmpty()) signalled = false;
        else service.signal(this);
        return true;
    }

    @Override
    public void cancel() {
        valid = false;
        if (place != null) place.unwatch(this);
        service.cancelled(this);
    }

    @Override
    public Watchable watchable() {
        return directory;
    }
}
