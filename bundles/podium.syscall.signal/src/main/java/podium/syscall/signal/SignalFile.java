package podium.syscall.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import podium.syscall.AnonymousFile;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.SignalInfo;
import podium.syscall.Task;

/// signalfd(2): pending signals of the task that made it and of its process, as a file.
///
/// Thread-safe.
final class SignalFile extends AnonymousFile {

    static final int CLOEXEC = O_CLOEXEC;
    static final int FLAGS = O_CLOEXEC | O_NONBLOCK;

    /// Bytes of struct signalfd_siginfo.
    private static final int SIZE = 128;

    private final Task task;
    private final Pollable arrival;
    private final Watcher relay = watchers::wake;
    private volatile long set;

    SignalFile(Task task, long set, int flags) {
        super(O_RDWR | (flags & O_NONBLOCK), "[signalfd]");
        this.task = task;
        this.set = set;
        arrival = task.signals().arrival(-1);
        arrival.watch(relay);
    }

    void setSignals(long set) {
        this.set = set;
        watchers.wake(IN);
    }

    @Override
    public int read(ByteBuffer into) {
        if (into.remaining() < SIZE) return Errno.EINVAL.negated();
        int count = 0;
        while (into.remaining() >= SIZE) {
            var info = task.signals().take(set);
            if (info == null) break;
            put(into.order(ByteOrder.LITTLE_ENDIAN), info);
            count += SIZE;
        }
        return count == 0 ? Errno.EAGAIN.negated() : count;
    }

    private static void put(ByteBuffer into, SignalInfo info) {
        int start = into.position();
        into.putInt(info.signal()).putInt(0).putInt(info.code());
        into.putInt(info.pid()).putInt(info.uid());
        into.put(new byte[SIZE - 20]);
        into.putInt(start + 40, info.value()); // ssi_status
        into.putInt(start + 44, info.value()); // ssi_int
    }

    @Override
    protected void closed() {
        arrival.unwatch(relay);
    }

    @Override
    public int readiness() {
        return (task.signals().pending() & set) != 0 ? IN : 0;
    }
}
