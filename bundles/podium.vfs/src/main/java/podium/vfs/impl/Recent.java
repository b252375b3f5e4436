package podium.vfs.impl;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The entries of a mount that were made or found last. It keeps them alive, and the newest take
/// the places of the oldest. Thread-safe.
final class Recent {

    private static final int FEWEST = 64;

    /// How many any mount may keep.
    private static final int OWN = 8192;

    /// What an entry takes on the heap, in bytes, with its inode and its places in tables.
    private static final int ENTRY = 256;

    /// How many all mounts of this JVM may keep beyond that, so that names that are used again and
    /// again are known and yet never take more than a part of the heap.
    static final AtomicLong SHARED = new AtomicLong(Runtime.getRuntime().maxMemory() / 32 / ENTRY);

    private @Nullable Entry[] entries = new Entry[FEWEST];
    private int next;

    /// How many places are taken.
    private int kept;

    private boolean ended;

    /// Keeps an entry, if it does not already.
    ///
    /// @return the one that is no longer kept, or null
    synchronized @Nullable Entry add(Entry entry) {
        if (keeps(entry)) return null;
        if (next == entries.length && !compact() && !grow()) next = 0;
        var oldest = entries[next];
        if (oldest == null) kept++;
        entries[next] = entry;
        entry.place = next++;
        return oldest;
    }

    private boolean keeps(Entry entry) {
        return entry.place < entries.length && entries[entry.place] == entry;
    }

    /// Closes the gaps that removed entries have left, where these are half of all places. All of
    /// them are in the order of their age, when the last one is taken.
    private boolean compact() {
        if (kept > entries.length / 2) return false;
        int to = 0;
        for (var entry : entries) {
            if (entry == null) continue;
            entries[to] = entry;
            entry.place = to++;
        }
        Arrays.fill(entries, to, entries.length, null);
        next = to;
        return true;
    }

    private boolean grow() {
        int length = entries.length;
        if (ended || (length >= OWN && !take(length))) return false;
        entries = Arrays.copyOf(entries, length * 2);
        return true;
    }

    private static boolean take(int places) {
        if (SHARED.addAndGet(-places) >= 0) return true;
        SHARED.addAndGet(places);
        return false;
    }

    /// Keeps an entry no longer.
    synchronized void remove(Entry entry) {
        if (!keeps(entry)) return;
        entries[entry.place] = null;
        kept--;
        if (entry.place == next - 1) next--;
    }

    /// Keeps nothing any more, but what is added from now on.
    synchronized void end() {
        if (ended) return;
        ended = true;
        SHARED.addAndGet(Math.max(0, entries.length - OWN));
        entries = new Entry[FEWEST];
        next = 0;
        kept = 0;
    }
}
