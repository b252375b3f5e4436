package podium.vfs.store;

import java.util.ArrayList;
import java.util.List;

/// Pages in memory that nobody uses, since a page that waits lives long enough to cost the
/// collector
/// more than it costs to write it. Thread-safe.
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
