package podium.syscall.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A bounded queue of bytes: nothing is allocated before the first byte, and it grows by doubling
/// as far as its limit and the pod's budget allow. Guarded by its owner's lock.
final class Ring {

    /// What a connection gets even when the pod's budget is used up.
    static final int LEAST = 4096;

    private static final byte[] NONE = {};

    private final BufferBudget budget;
    private int limit;
    private byte[] bytes = NONE;
    private int head;
    private int size;

    /// Bytes ever taken out and put in: positions in the stream.
    private long taken;

    Ring(BufferBudget budget, int limit) {
        this.budget = budget;
        this.limit = limit;
    }

    int size() {
        return size;
    }

    int limit() {
        return limit;
    }

    /// How many bytes more it may hold, as far as its own limit goes.
    int room() {
        return Math.max(0, limit - size);
    }

    void setLimit(int limit) {
        this.limit = limit;
    }

    /// The position of the next byte out.
    long readPosition() {
        return taken;
    }

    /// The position of the next byte in.
    long writePosition() {
        return taken + size;
    }

    /// Puts in what fits.
    int write(ByteBuffer from) {
        int n = Math.min(from.remaining(), room());
        if (n > bytes.length - size) n = Math.min(n, grow(size + n) - size);
        if (n <= 0) return 0;
        int tail = (head + size) & (bytes.length - 1);
        int first = Math.min(n, bytes.length - tail);
        from.get(bytes, tail, first);
        if (n > first) from.get(bytes, 0, n - first);
        size += n;
        return n;
    }

    /// Takes out what is there, at most `most` bytes.
    int read(ByteBuffer into, int most, boolean peek) {
        int n = peek(into, 0, most);
        if (!peek) skip(n);
        return n;
    }

    /// Copies bytes out from an offset behind the head, and leaves them.
    int peek(ByteBuffer into, int offset, int most) {
        int n = Math.min(Math.min(into.remaining(), size - offset), most);
        if (n <= 0) return 0;
        int from = (head + offset) & (bytes.length - 1);
        int first = Math.min(n, bytes.length - from);
        into.put(bytes, from, first);
        if (n > first) into.put(bytes, 0, n - first);
        return n;
    }

    /// Drops bytes that were read.
    void skip(int n) {
        size -= n;
        taken += n;
        if (size == 0) {
            head = 0;
            if (bytes.length > LEAST && budget.tight()) release();
        } else {
            head = (head + n) & (bytes.length - 1);
        }
    }

    /// Drops everything.
    void clear() {
        taken += size;
        size = 0;
        head = 0;
        release();
    }

    private void release() {
        budget.give(bytes.length);
        bytes = NONE;
    }

    /// @return the capacity then
    private int grow(int wanted) {
        int capacity = Math.max(LEAST, Integer.highestOneBit(wanted - 1) << 1);
        byte @Nullable [] more = null;
        for (; capacity > bytes.length; capacity >>= 1) {
            if (capacity <= LEAST) budget.force(capacity - bytes.length);
            else if (!budget.take(capacity - bytes.length)) continue;
            more = new byte[capacity];
            break;
        }
        if (more == null) return bytes.length;
        var view = ByteBuffer.wrap(more);
        peek(view, 0, size);
        bytes = more;
        head = 0;
        return bytes.length;
    }
}
