package podium.kernel.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import podium.syscall.AnonymousFile;
import podium.syscall.Errno;

/// eventfd(2): a counter. Thread-safe.
final class EventFile extends AnonymousFile {

    static final int EFD_SEMAPHORE = 1;

    private final boolean semaphore;

    /// Unsigned; at most all ones but the last.
    private long counter;

    EventFile(int initial, int flags) {
        super(O_RDWR | (flags & O_NONBLOCK), "[eventfd]");
        counter = Integer.toUnsignedLong(initial);
        semaphore = (flags & EFD_SEMAPHORE) != 0;
    }

    @Override
    public int read(ByteBuffer into) {
        if (into.remaining() < 8) return Errno.EINVAL.negated();
        long value;
        synchronized (this) {
            if (counter == 0) return Errno.EAGAIN.negated();
            value = semaphore ? 1 : counter;
            counter -= value;
        }
        into.order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        watchers.wake(OUT);
        return 8;
    }

    @Override
    public int write(ByteBuffer from) {
        if (from.remaining() < 8) return Errno.EINVAL.negated();
        long value = from.order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (value == -1) return Errno.EINVAL.negated();
        synchronized (this) {
            if (Long.compareUnsigned(value, -2 - counter) > 0) return Errno.EAGAIN.negated();
            counter += value;
        }
        watchers.wake(IN);
        return 8;
    }

    @Override
    protected void closed() {
        watchers.wake(HUP);
    }

    @Override
    public synchronized int readiness() {
        return (counter != 0 ? IN : 0) | (counter != -2 ? OUT : 0);
    }
}
