package podium.vfs.store;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.concurrent.locks.ReentrantLock;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// Moves content out of segments of which little is used, so that they can be removed: by ordinary
/// changes, those of each segment committed before the next.
final class Compactor {

    /// Waste that is not worth the work.
    private static final long LITTLE = 64 << 10;

    private final Store store;
    private final ReentrantLock lock = new ReentrantLock();

    /// What stayed wasted when space was short last.
    private volatile long stayed;

    Compactor(Store store) {
        this.store = store;
    }

    /// Goes on until no more is wasted than is bearable: half of what is used, or two segments.
    void compact() throws IOException {
        lock.lock();
        try {
            compact(2L * store.limits.segment(), true);
        } finally {
            lock.unlock();
        }
    }

    /// Gets back what is wasted when the disk has little left, if it is worth it.
    ///
    /// @param left bytes
    /// @return whether anything was tried
    boolean reclaim(long left) throws IOException {
        if (store.segments.wasted() - stayed < Math.max(LITTLE, left / 4) || !lock.tryLock())
            return false;
        try {
            all();
            return true;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOSPC) throw e;
            return false;
        } finally {
            stayed = store.segments.wasted();
            lock.unlock();
        }
    }

    /// Gets back everything that is wasted, but what is written meanwhile.
    void all() throws IOException {
        store.segments.seal();
        // What was removed is needed until that is durable.
        store.commit(store.stamp());
        compact(0, false);
    }

    private void compact(long bearable, boolean half) throws IOException {
        var unmovable = new HashSet<Integer>();
        for (; ; ) {
            long[] balance = store.segments.balance();
            if (balance[0] <= Math.max(bearable, half ? balance[1] / 2 : 0)) return;
            int segment = store.segments.emptiest(unmovable);
            if (segment < 0) return;
            if (!empty(segment)) unmovable.add(segment);
            store.commit(store.stamp());
        }
    }

    private Collection<Content> contents() {
        var all = store.looking(store.snapshots::contents);
        for (var node : store.nodes.all())
            if (node instanceof StoreRegular file) all.add(file.content);
        return all;
    }

    private boolean empty(int segment) throws IOException {
        boolean all = true;
        for (var content : contents()) {
            if (!store.tryBegin()) return false;
            // What is there of the file now, whose content shares places with what it was.
            var file = store.nodes.get(content.inode);
            try {
                synchronized (file == null ? content : file) {
                    content.move(segment);
                }
            } catch (DamageException e) {
                // It stays where it is, and so does the segment: reading it is EIO.
                all = false;
            } finally {
                store.end();
            }
        }
        return all;
    }
}
