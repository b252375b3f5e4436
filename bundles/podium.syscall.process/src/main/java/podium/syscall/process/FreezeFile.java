package podium.syscall.process;

import podium.syscall.AnonymousFile;
import podium.syscall.Pollable;

/// Whether somebody wants a process frozen, as a file to be polled; there is nothing to be read.
///
/// Thread-safe.
final class FreezeFile extends AnonymousFile {

    private final Pollable freezing;
    private final Watcher relay = watchers::wake;

    FreezeFile(Pollable freezing) {
        super(O_RDONLY, "[freeze]");
        this.freezing = freezing;
        freezing.watch(relay);
    }

    @Override
    protected void closed() {
        freezing.unwatch(relay);
    }

    @Override
    public int readiness() {
        return freezing.readiness();
    }
}
