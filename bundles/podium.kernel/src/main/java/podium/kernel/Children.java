package podium.kernel;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import podium.syscall.ChildEvents;
import podium.syscall.Pollable;
import podium.syscall.WaitQueue;

/// What a process learns of its children. Thread-safe.
final class Children {

    private final GuestProcess parent;
    private final WaitQueue watchers = new WaitQueue();
    private final AtomicLong events = new AtomicLong();

    Children(GuestProcess parent) {
        this.parent = parent;
    }

    /// Something happened to one.
    void changed() {
        events.incrementAndGet();
        watchers.wake(Pollable.IN);
    }

    ChildEvents look() {
        return new Look();
    }

    /// Knows what had happened when it was asked for, which is before anything is reaped: an event
    /// in between makes it ready, one before does not.
    private final class Look implements ChildEvents {

        private final long seen = events.get();

        @Override
        public @Nullable Ended reap(int which, boolean keep) {
            return parent.pod().table().reap(parent.pid(), parent.group(), which, keep);
        }

        @Override
        public Pollable arrival() {
            return watchers.pollable(() -> events.get() != seen ? Pollable.IN : 0);
        }
    }
}
