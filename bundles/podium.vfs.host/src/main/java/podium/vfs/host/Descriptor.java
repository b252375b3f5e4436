package podium.vfs.host;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A file descriptor of the host's. Counted, so that its number never is another file's while
/// somebody uses it. Thread-safe.
///
/// A use ends with [#close], which fits try-with-resources.
final class Descriptor implements AutoCloseable {

    /// The count of one that nobody can begin to use any more.
    private static final int ENDED = Integer.MIN_VALUE / 2;

    private final int number;
    private final boolean writable;
    private final IntConsumer closer;
    private final AtomicInteger uses = new AtomicInteger(1);
    private volatile boolean ending;

    /// Whether it was used since the cache looked at it last.
    volatile boolean recent;

    /// In use by the caller from the start.
    ///
    /// @param closer closes the number
    Descriptor(int number, boolean writable, IntConsumer closer) {
        this.number = number;
        this.writable = writable;
        this.closer = closer;
    }

    int number() {
        return number;
    }

    /// Whether it is open for writing.
    boolean writable() {
        return writable;
    }

    /// Begins a use.
    ///
    /// @return this, or null when it has ended
    @Nullable Descriptor use() {
        for (; ; ) {
            int now = uses.get();
            if (now < 0 || ending) return null;
            if (!uses.compareAndSet(now, now + 1)) continue;
            recent = true;
            return this;
        }
    }

    /// Ends a use.
    @Override
    public void close() {
        if (uses.decrementAndGet() == 0 && ending) end();
    }

    /// Lets nobody begin to use it; it is closed with its last use. Idempotent.
    void end() {
        ending = true;
        if (!uses.compareAndSet(0, ENDED)) return;
        closer.accept(number);
    }

    /// For the caller's use alone: it is closed with that.
    Descriptor passing() {
        ending = true;
        return this;
    }
}
