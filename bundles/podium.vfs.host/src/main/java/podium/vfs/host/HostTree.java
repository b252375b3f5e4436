package podium.vfs.host;

import java.util.HashSet;
import java.util.List;

/// A directory of the host's as it was when a snapshot was taken.
///
/// @param taken nanoseconds since the epoch
/// @param inodes the root first
record HostTree(long taken, List<Kept> inodes) {

    /// Numbers that no file system of the host's counts up to.
    private static final long MADE_UP = 3L << 61;

    /// So many fit into the heap, with room for everybody else.
    private static final long MOST = Math.max(100_000, Runtime.getRuntime().maxMemory() / 4096);

    /// @param inodes of one that is about to have more
    /// @throws podium.syscall.ErrnoException `ENOMEM`: it would be too large
    static void checkRoom(long inodes) {
        if (inodes >= MOST) throw podium.syscall.Errno.ENOMEM.exception();
    }

    /// What is known of one without reading all of it.
    ///
    /// @param bytes of content
    record Head(long taken, long inodes, long bytes) {}

    Head head() {
        long bytes = 0;
        for (var one : inodes) if (one.status().regular()) bytes += 512 * one.status().blocks();
        return new Head(taken, inodes.size(), bytes);
    }

    /// The numbers of the inodes, each another one. (Two may have had the same one after each
    /// other: a file that was removed, and one that came anew when a snapshot was restored.)
    ///
    /// @param was the same tree as its snapshot says it: what has another number now came anew
    long[] numbers(HostTree was) {
        var numbers = new long[inodes.size()];
        var used = new HashSet<Long>();
        for (boolean same : new boolean[] {false, true})
            for (int i = 0; i < numbers.length; i++) {
                var status = inodes.get(i).status();
                if (status.same(was.inodes.get(i).status()) != same) continue;
                long own = status.id().inode();
                numbers[i] = used.add(own) ? own : MADE_UP | i;
            }
        return numbers;
    }
}
