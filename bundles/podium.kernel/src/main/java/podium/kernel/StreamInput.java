package podium.kernel;

import java.nio.ByteBuffer;
import podium.syscall.Errno;

/// A process's descriptor 0.
final class StreamInput extends StreamFile {

    private final InputPump pump;

    StreamInput(InputPump pump) {
        super(0, O_RDONLY);
        this.pump = pump;
    }

    /// What was taken from the host's stream and not read.
    byte[] unread() {
        return pump.unread();
    }

    @Override
    public int read(ByteBuffer into) {
        return pump.read(into);
    }

    @Override
    public int write(ByteBuffer from) {
        return Errno.EBADF.negated();
    }

    @Override
    protected void closed() {
        pump.close();
    }

    @Override
    public int readiness() {
        return pump.readiness();
    }

    @Override
    public void watch(Watcher watcher) {
        pump.watchers().add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        pump.watchers().remove(watcher);
    }
}
