package podium.vfs.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import podium.vfs.backend.Quota;

/// A file's content: chunks of at most 32 KiB in a radix tree, which is as high as the greatest
/// index needs. What was never written has no chunk, or lies behind its array's end, and reads as
/// zeros. A chunk's array is as long as what is first written there, and grows by doubling: small
/// files stay small, and nothing is ever copied twice over.
///
/// What a file has now and what it had in snapshots are [Versions] of one content: they share
/// chunks
/// at the same index, which are copied before they are changed, and counted once.
///
/// Not thread-safe.
final class Chunks {

    static final int BITS = 15;
    static final int SIZE = 1 << BITS;

    private static final int FAN_BITS = 6;
    private static final int FAN = 1 << FAN_BITS;
    private static final int SMALLEST = 64;
    private static final int PAGE = 4096;
    private static final byte[] ZEROS = new byte[PAGE];

    private final Quota quota;

    /// A chunk (byte[]) when the height is 0, else an array of subtrees.
    private @Nullable Object root;

    private int height;
    private long held;
    private @Nullable Versions versions;

    Chunks(Quota quota) {
        this.quota = quota;
    }

    /// What is here now, for a snapshot: to be read, and [#clear]ed when nobody wants it any more.
    Chunks freeze() {
        var known = versions;
        if (known == null) versions = known = new Versions(this);
        return known.add(new Chunks(quota), this);
    }

    /// Makes this what a snapshot had.
    void thaw(Chunks frozen) {
        clear();
        var known = frozen.versions;
        if (known == null) throw new IllegalStateException("not frozen");
        known.add(this, frozen);
    }

    /// Takes over what another version has. For [Versions].
    void share(Chunks other, Versions common) {
        root = copy(other.root, other.height);
        height = other.height;
        held = other.held;
        versions = common;
    }

    private static @Nullable Object copy(@Nullable Object node, int level) {
        if (node == null || level == 0) return node;
        var children = ((Object[]) node).clone();
        for (int slot = 0; slot < FAN; slot++) children[slot] = copy(children[slot], level - 1);
        return children;
    }

    private boolean isShared(long index, byte[] chunk) {
        var known = versions;
        return known != null && known.isShared(this, index, chunk);
    }

    /// Bytes that no other version has.
    long own() {
        return own(root, height, 0);
    }

    private long own(@Nullable Object node, int level, long start) {
        if (node == null) return 0;
        if (level == 0) return isShared(start, (byte[]) node) ? 0 : ((byte[]) node).length;
        long sum = 0;
        long span = 1L << (FAN_BITS * (level - 1));
        for (int slot = 0; slot < FAN; slot++)
            sum += own(((Object[]) node)[slot], level - 1, start + slot * span);
        return sum;
    }

    /// Bytes held, as the quota counts them.
    long held() {
        return held;
    }

    /// Fills the rest of a buffer from a position on.
    void read(ByteBuffer into, long position) {
        while (into.hasRemaining()) {
            int at = (int) (position & (SIZE - 1));
            int count = Math.min(into.remaining(), SIZE - at);
            var chunk = get(position >>> BITS);
            int there = chunk == null ? 0 : Math.clamp(chunk.length - (long) at, 0, count);
            if (there > 0) into.put(chunk, at, there);
            zeros(into, count - there);
            position += count;
        }
    }

    /// Takes the rest of a buffer to a position, as far as the quota lets it.
    ///
    /// @return bytes taken
    int write(ByteBuffer from, long position) {
        int before = from.remaining();
        while (from.hasRemaining()) {
            int at = (int) (position & (SIZE - 1));
            int count = Math.min(from.remaining(), SIZE - at);
            var chunk = writable(position >>> BITS, at + count);
            if (chunk == null) {
                // The last bytes of the quota, if any of them are wanted here.
                long index = position >>> BITS;
                count = (int) Math.min(count, counted(index) + quota.left() - at);
                chunk = count > 0 ? writable(index, at + count) : null;
                if (chunk == null) break;
            }
            from.get(chunk, at, count);
            position += count;
        }
        return before - from.remaining();
    }

    /// Holds everything in a range.
    ///
    /// @return false when the quota is used up
    boolean reserve(long from, long to) {
        for (long at = from; at < to; ) {
            int end = (int) Math.min(SIZE, to - (at & -SIZE));
            if (writable(at >>> BITS, end) == null) return false;
            at = (at & -SIZE) + SIZE;
        }
        return true;
    }

    /// Makes a range read as zeros, and lets go of the chunks that lie in it wholly.
    void clear(long from, long to) {
        if (from >= to) return;
        long first = (from + SIZE - 1) >>> BITS;
        long last = to == Long.MAX_VALUE ? Long.MAX_VALUE >>> BITS : (to >>> BITS) - 1;
        long head = from >>> BITS;
        long tail = to >>> BITS;
        if ((from & (SIZE - 1)) != 0)
            zero(head, (int) (from & (SIZE - 1)), head == tail ? (int) (to & (SIZE - 1)) : SIZE);
        if (tail != head || (from & (SIZE - 1)) == 0)
            if ((to & (SIZE - 1)) != 0 && to != Long.MAX_VALUE)
                zero(tail, 0, (int) (to & (SIZE - 1)));
        if (first > last) return;
        synchronized (versions == null ? this : versions) {
            root = drop(root, height, 0, first, last);
        }
    }

    /// Lets go of everything, and is no version any more.
    void clear() {
        var known = versions;
        quota.give(known == null ? held : known.leave(this));
        versions = null;
        root = null;
        height = 0;
        held = 0;
    }

    /// The first held byte from a position on, or -1.
    long nextData(long position) {
        for (long index = position >>> BITS; ; index++) {
            index = nextChunk(root, height, 0, index);
            if (index < 0) return -1;
            long start = index << BITS;
            int from = (int) Math.max(position - start, 0);
            var chunk = get(index);
            if (chunk != null && from < chunk.length) return start + firstUsed(chunk, from);
        }
    }

    /// Where the first page that is not all zeros begins in a chunk; where one began to look when
    /// there is none, since zeros may have been written, too.
    private static int firstUsed(byte[] chunk, int from) {
        for (int page = from; page < chunk.length; page = (page | (PAGE - 1)) + 1) {
            int end = Math.min((page | (PAGE - 1)) + 1, chunk.length);
            if (Arrays.mismatch(chunk, page, end, ZEROS, 0, end - page) >= 0) return page;
        }
        return from;
    }

    /// The first byte that is not held from a position on.
    long nextHole(long position) {
        for (; ; ) {
            var chunk = get(position >>> BITS);
            long start = position & -SIZE;
            if (chunk == null || position - start >= chunk.length) return position;
            if (chunk.length < SIZE) return start + chunk.length;
            if (start > Long.MAX_VALUE - SIZE) return Long.MAX_VALUE;
            position = start + SIZE;
        }
    }

    /// Bytes of a chunk that a longer one need not take again.
    private int counted(long index) {
        var chunk = get(index);
        return chunk == null || isShared(index, chunk) ? 0 : chunk.length;
    }

    byte @Nullable [] get(long index) {
        if (index >>> (FAN_BITS * height) != 0) return null;
        var node = root;
        for (int level = height; level > 0 && node != null; level--)
            node = ((Object[]) node)[slot(index, level)];
        return (byte[]) node;
    }

    /// A chunk of our own with an array of some length at least; null when the quota is used up.
    private byte @Nullable [] writable(long index, int length) {
        var known = versions;
        if (known == null) return writable(index, length, get(index), false);
        synchronized (known) {
            var chunk = get(index);
            return writable(index, length, chunk, chunk != null && isShared(index, chunk));
        }
    }

    private byte @Nullable [] writable(
            long index, int length, byte @Nullable [] chunk, boolean shared) {
        if (chunk != null && chunk.length >= length && !shared) return chunk;
        int old = chunk == null ? 0 : chunk.length;
        int least = Math.max(length, old);
        int wanted = old == 0 ? first(index, least) : length > old ? ceilingPower(length) : old;
        // What others have, too, is theirs from now on.
        int counted = shared ? 0 : old;
        if (!quota.tryTake(wanted - counted)) {
            // The last bytes of a quota are had, too.
            wanted = least;
            if (!quota.tryTake(wanted - counted)) return null;
        }
        byte[] larger = chunk == null ? new byte[wanted] : Arrays.copyOf(chunk, wanted);
        held += wanted - old;
        put(index, larger);
        return larger;
    }

    /// How long a new chunk's array is: most files are written once, and all of it at once.
    private static int first(long index, int least) {
        return index == 0 ? least + SMALLEST - 1 & -SMALLEST : Math.max(PAGE, least);
    }

    private void put(long index, byte[] chunk) {
        while (index >>> (FAN_BITS * height) != 0) {
            if (root != null) {
                var up = new Object[FAN];
                up[0] = root;
                root = up;
            }
            height++;
        }
        if (height == 0) {
            root = chunk;
            return;
        }
        var node = (Object[]) root;
        if (node == null) root = node = new Object[FAN];
        for (int level = height; level > 1; level--) {
            int slot = slot(index, level);
            var next = (Object[]) node[slot];
            if (next == null) node[slot] = next = new Object[FAN];
            node = next;
        }
        node[slot(index, 1)] = chunk;
    }

    private void zero(long index, int from, int to) {
        var chunk = get(index);
        if (chunk == null || from >= chunk.length) return;
        Arrays.fill(unshared(index, chunk), from, Math.min(to, chunk.length), (byte) 0);
    }

    /// A chunk of our own in place of one that others have, even if the quota is used up: to make a
    /// file shorter must not fail for that.
    private byte[] unshared(long index, byte[] chunk) {
        var known = versions;
        if (known == null) return chunk;
        synchronized (known) {
            if (!isShared(index, chunk)) return chunk;
            quota.count(chunk.length);
            var own = chunk.clone();
            put(index, own);
            return own;
        }
    }

    /// Removes the chunks from first to last in a subtree that begins at some index.
    ///
    /// @return what is left of it
    private @Nullable Object drop(
            @Nullable Object node, int level, long start, long first, long last) {
        if (node == null || start > last) return node;
        long span = 1L << (FAN_BITS * level);
        if (start + span - 1 < first) return node;
        if (level == 0) {
            int length = ((byte[]) node).length;
            held -= length;
            if (!isShared(start, (byte[]) node)) quota.give(length);
            return null;
        }
        var children = (Object[]) node;
        boolean empty = true;
        for (int slot = 0; slot < FAN; slot++) {
            children[slot] =
                    drop(children[slot], level - 1, start + slot * (span >> FAN_BITS), first, last);
            empty &= children[slot] == null;
        }
        return empty ? null : children;
    }

    /// The first index from some one on that has a chunk, or -1.
    private static long nextChunk(@Nullable Object node, int level, long start, long from) {
        if (node == null) return -1;
        long span = 1L << (FAN_BITS * level);
        if (start + span - 1 < from) return -1;
        if (level == 0) return start;
        var children = (Object[]) node;
        for (int slot = 0; slot < FAN; slot++) {
            long found =
                    nextChunk(children[slot], level - 1, start + slot * (span >> FAN_BITS), from);
            if (found >= 0) return found;
        }
        return -1;
    }

    private static int slot(long index, int level) {
        return (int) (index >>> (FAN_BITS * (level - 1))) & (FAN - 1);
    }

    private static int ceilingPower(int length) {
        return length <= 1 ? 1 : Integer.highestOneBit(length - 1) << 1;
    }

    private static void zeros(ByteBuffer into, int count) {
        for (int left = count; left > 0; ) {
            int step = Math.min(left, ZEROS.length);
            into.put(ZEROS, 0, step);
            left -= step;
        }
    }
}
