package podium.vfs.impl;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import podium.vfs.Attributes;

/// Who the inodes of a backend were in the one before: numbers and times that guests have seen
/// stay. An open hash table of plain numbers, some 100 bytes an inode, for as long as the mount
/// lives. Thread-safe.
final class Identities {

    /// Columns: number, time of birth, and time of change here; the same as guests see them.
    private static final int NUMBER = 0;

    private static final int BORN = 1;
    private static final int COPIED = 2;
    private static final int SEEN = 3;
    private static final int SEEN_BORN = 4;
    private static final int SEEN_CHANGED = 5;
    private static final int COLUMNS = 6;

    private long[] rows = new long[64 * COLUMNS];
    private boolean[] used = new boolean[64];
    private int count;

    /// What numbers guests have seen, as keys.
    private long[] seen = new long[64];

    private boolean[] seenUsed = new boolean[64];
    private int seenCount;

    /// Notes an inode, or notes it again.
    ///
    /// @param here what the backend says of it
    /// @param visible what guests see
    synchronized void put(Attributes here, Attributes visible) {
        if (2 * count >= used.length) grow();
        int row = row(here.inode());
        if (!used[row]) count++;
        used[row] = true;
        int at = row * COLUMNS;
        rows[at + NUMBER] = here.inode();
        rows[at + BORN] = here.born();
        rows[at + COPIED] = here.changed();
        rows[at + SEEN] = visible.inode();
        rows[at + SEEN_BORN] = visible.born();
        rows[at + SEEN_CHANGED] = visible.changed();
        see(visible.inode());
    }

    /// The number is another inode's from now on.
    synchronized void forget(long number) {
        int row = row(number);
        // A hole would cut off what was put behind it: the row stays, and fits nothing.
        if (used[row]) rows[row * COLUMNS + SEEN] = fresh(number);
        if (used[row]) rows[row * COLUMNS + BORN] = Long.MIN_VALUE;
    }

    /// Who an inode is; null for what the backend says.
    synchronized @Nullable Identity of(Attributes here) {
        int row = row(here.inode());
        int at = row * COLUMNS;
        // A number may become another inode's, which is born later.
        if (used[row] && rows[at + BORN] == here.born())
            return new Identity(
                    rows[at + SEEN],
                    rows[at + SEEN_BORN],
                    rows[at + SEEN_CHANGED],
                    rows[at + COPIED]);
        long number = fresh(here.inode());
        if (number == here.inode()) return null;
        return new Identity(number, here.born(), here.changed(), here.changed());
    }

    /// The number that guests see.
    synchronized long number(long here) {
        int row = row(here);
        return used[row] ? rows[row * COLUMNS + SEEN] : fresh(here);
    }

    /// The number of an inode that no former backend had: its own, unless guests know another one
    /// by that. What is chosen instead may be another one's, too, since the move before.
    private long fresh(long number) {
        long chosen = number;
        while (seenUsed[slot(chosen)]) chosen = mixed(chosen) & Long.MAX_VALUE | 1L << 61;
        return chosen;
    }

    private void see(long number) {
        if (2 * seenCount >= seenUsed.length) growSeen();
        int slot = slot(number);
        if (!seenUsed[slot]) seenCount++;
        seenUsed[slot] = true;
        seen[slot] = number;
    }

    private int row(long number) {
        int row = (int) mixed(number) & used.length - 1;
        while (used[row] && rows[row * COLUMNS + NUMBER] != number) row = row + 1 & used.length - 1;
        return row;
    }

    private int slot(long number) {
        int slot = (int) mixed(number) & seenUsed.length - 1;
        while (seenUsed[slot] && seen[slot] != number) slot = slot + 1 & seenUsed.length - 1;
        return slot;
    }

    private void grow() {
        var oldRows = rows;
        var oldUsed = used;
        rows = new long[oldRows.length * 2];
        used = new boolean[oldUsed.length * 2];
        for (int i = 0; i < oldUsed.length; i++) {
            if (!oldUsed[i]) continue;
            int row = row(oldRows[i * COLUMNS + NUMBER]);
            used[row] = true;
            System.arraycopy(oldRows, i * COLUMNS, rows, row * COLUMNS, COLUMNS);
        }
    }

    private void growSeen() {
        var old = Arrays.copyOf(seen, seen.length);
        var oldUsed = seenUsed;
        seen = new long[old.length * 2];
        seenUsed = new boolean[oldUsed.length * 2];
        for (int i = 0; i < oldUsed.length; i++) {
            if (!oldUsed[i]) continue;
            int slot = slot(old[i]);
            seenUsed[slot] = true;
            seen[slot] = old[i];
        }
    }

    /// A permutation of all numbers (the finalizer of MurmurHash3).
    private static long mixed(long number) {
        number = (number ^ number >>> 33) * 0xff51_afd7_ed55_8ccdL;
        number = (number ^ number >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return number ^ number >>> 33;
    }
}
