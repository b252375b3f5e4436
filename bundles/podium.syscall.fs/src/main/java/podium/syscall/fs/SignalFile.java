package podium.syscall.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.SignalInfo;
import podium.syscall.TaskSignals;
import podium.vfs.Attributes;

/// signalfd(2): signals as bytes to read, those pending for the task that made it or its process.
final class SignalFile extends OpenFile {

    private static final int RECORD = 128;

    private final TaskSignals signals;
    // No type, as on Linux: what has the type of a regular file cannot be polled.
    private final Attributes attributes = Attributes.of(1, 0600, 0, 0, 0);
    private volatile long set;
    private volatile Pollable arrival;

    SignalFile(TaskSignals signals, long set, int flags) {
        super(flags);
        this.signals = signals;
        this.set = set;
        arrival = signals.arrival(set);
    }

    /// Waits for another set from now on.
    void setSignals(long set) {
        this.set = set;
        arrival = signals.arrival(set);
    }

    @Override
    public int read(ByteBuffer into) {
        if (into.remaining() < RECORD) return Errno.EINVAL.negated();
        into.order(ByteOrder.LITTLE_ENDIAN);
        int start = into.position();
        while (into.remaining() >= RECORD) {
            var signal = signals.take(set);
            if (signal == null) break;
            put(into, signal);
        }
        int count = into.position() - start;
        return count == 0 ? Errno.EAGAIN.negated() : count;
    }

    /// Puts a `struct signalfd_siginfo`.
    private static void put(ByteBuffer into, SignalInfo signal) {
        int start = into.position();
        into.put(new byte[RECORD]);
        into.putInt(start, signal.signal());
        into.putInt(start + 8, signal.code());
        into.putInt(start + 12, signal.pid());
        into.putInt(start + 16, signal.uid());
        into.putInt(start + 40, signal.value());
        into.putInt(start + 44, signal.value());
    }

    @Override
    public int readiness() {
        return (signals.pending() & set) != 0 ? IN : 0;
    }

    @Override
    public void watch(Watcher watcher) {
        arrival.watch(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        arrival.unwatch(watcher);
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public String description() {
        return "anon_inode:[signalfd]";
    }

    @Override
    protected void closed() {}
}
