package podium.vfs.store;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// What of the host's disk is promised to content that waits in memory, so that a guest hears of a
/// full disk when it writes and not only when it syncs. Asked for at times only.
final class Room {

    /// Stays free for the journal, so that files can still be removed on a full disk.
    private static final long RESERVE = 1 << 20;

    private static final long STEP = 16 << 20;
    private static final long LOW = 2 * STEP;

    private final Disk disk;
    private final AtomicLong promised = new AtomicLong();
    private volatile long left = Long.MAX_VALUE;

    Room(Disk disk) {
        this.disk = disk;
    }

    /// @param waiting bytes of content in memory
    /// @throws NoSpaceException there is too little left
    void take(long bytes, long waiting) throws IOException {
        if (promised.addAndGet(-bytes) >= 0) return;
        look(waiting);
        if (left < bytes) throw new NoSpaceException("the disk of " + disk.name() + " is full");
        promised.set(Math.min(left / 2, STEP));
    }

    /// Asks how much is left.
    void look(long waiting) throws IOException {
        left = disk.usable() - waiting - RESERVE;
        promised.set(0);
    }

    /// What was left when it was asked last.
    long left() {
        return Math.max(0, left);
    }

    /// Whether that was so little that nothing should be wasted.
    boolean isLow() {
        return left < LOW;
    }
}
