package podium.kernel.object;

import podium.syscall.Pollable;

/// Ready when any of several is, for poll(2) and select(2).
final class AnyOf implements Pollable {

    private final Pollable[] pollables;
    private final int[] events;

    AnyOf(Pollable[] pollables, int[] events) {
        if (pollables.length != events.length)
            throw new IllegalArgumentException("as many events as pollables");
        this.pollables = pollables;
        this.events = events;
    }

    @Override
    public int readiness() {
        for (int i = 0; i < pollables.length; i++)
            if ((pollables[i].readiness() & (events[i] | ERR | HUP)) != 0) return IN;
        return 0;
    }

    @Override
    public void watch(Watcher watcher) {
        for (var pollable : pollables) pollable.watch(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        for (var pollable : pollables) pollable.unwatch(watcher);
    }
}
