package podium.vfs.sqlite;

import java.io.IOException;
import java.sql.SQLException;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// What is put off in a tree: freeing content, writing access times, forcing.
///
/// @param tree whose it is
record Upkeep(Tree tree) {

    /// Pieces of content that one step frees.
    private static final int STEP = 512;

    /// A log that has grown to so many bytes is begun anew, whoever reads.
    private static final long LONGEST_LOG = 256 << 20;

    void run() {
        try {
            for (boolean more = true; more; ) more = tree.alone(this::freeSome);
            tree.tryWriteTimes();
            if (tree.refusal() == null) tree.sync();
            tree.alone(this::shorten);
            tree.alone(this::fillReserve);
        } catch (ErrnoException e) {
            // A full disk, of which whoever syncs is told; a failure was told when it happened.
            boolean full = e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT;
            if (!full && e.errno() != Errno.EIO) throw e;
        }
    }

    /// @return whether there is more
    private boolean freeSome() throws SQLException {
        var forgotten = tree.snapshots.someForgotten();
        if (forgotten != null) {
            tree.change(change -> new Sweep(change, tree, forgotten).step(), true);
            return true;
        }
        if (tree.orphans.isEmpty()) return false;
        var orphan = tree.orphans.getFirst();
        tree.change(change -> change.freeSome(orphan, STEP), true);
        return true;
    }

    private boolean shorten() throws SQLException, IOException {
        if (tree.database.logged() > LONGEST_LOG) tree.database.checkpoint();
        return true;
    }

    private boolean fillReserve() throws IOException {
        var reserve = tree.database.reserve;
        if (reserve != null) reserve.fill();
        return true;
    }
}
