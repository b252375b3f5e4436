package podium.vfs.store;

import java.util.ArrayList;
import java.util.List;

/// Pages in memory that nobody uses: one that waits lives so long that the collector copies it,
/// which costs more than to write it. Thread-safe.
final class PagePool {

    private final int most;
    private final List<byte[]> free = new ArrayList<>();

    /// @param most pages that are kept
    PagePool(int most) {
        this.most = most;
    }

    /// @return a page that holds anything
    synchronized byte[] take() {
        return free.isEmpty() ? new byte[Extent.PAGE] : free.removeLast();
    }

    synchronized void give(byte[] page) {
        if (free.size() < most) free.add(page);
    }

    /// Keeps none.
    synchronized void clear() {
        free.clear();
    }
}
