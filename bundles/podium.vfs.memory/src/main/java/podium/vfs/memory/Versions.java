package podium.vfs.memory;

import java.util.Arrays;

/// The contents that one file has, now and in snapshots. Its monitor is the innermost one: while it
/// is held nothing is shared that was not, and nobody leaves.
final class Versions {

    private Chunks[] all;

    Versions(Chunks first) {
        all = new Chunks[] {first};
    }

    /// @param fresh becomes one more, as another one is
    synchronized Chunks add(Chunks fresh, Chunks as) {
        fresh.share(as, this);
        all = Arrays.copyOf(all, all.length + 1);
        all[all.length - 1] = fresh;
        return fresh;
    }

    /// Whether another version has a chunk.
    synchronized boolean isShared(Chunks by, long index, byte[] chunk) {
        for (var one : all) if (one != by && one.get(index) == chunk) return true;
        return false;
    }

    /// @return bytes that only this one had
    synchronized long leave(Chunks one) {
        long own = one.own();
        all = Arrays.stream(all).filter(other -> other != one).toArray(Chunks[]::new);
        return own;
    }
}
