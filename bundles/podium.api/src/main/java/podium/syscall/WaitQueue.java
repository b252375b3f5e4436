package podium.syscall;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import podium.syscall.Pollable.Watcher;

/// The watchers of one [Pollable]. Thread-safe; waking takes no lock.
public final class WaitQueue {

    private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();

    public void add(Watcher watcher) {
        watchers.add(watcher);
    }

    public void remove(Watcher watcher) {
        watchers.remove(watcher);
    }

    /// What is ready as told, and whose watchers are these.
    ///
    /// @param readiness as [Pollable#readiness]; called by any thread
    public Pollable pollable(IntSupplier readiness) {
        return new Pollable() {
            @Override
            public int readiness() {
                return readiness.getAsInt();
            }

            @Override
            public void watch(Watcher watcher) {
                add(watcher);
            }

            @Override
            public void unwatch(Watcher watcher) {
                remove(watcher);
            }
        };
    }

    /// Tells every watcher. Call it after the state that they look at has changed.
    public void wake(int events) {
        for (var watcher : watchers) watcher.changed(events);
    }
}
