package podium.vfs.store;

import java.util.ArrayList;
import java.util.List;

/// What has changed since the last cut: records, in the order of the changes, and the inodes whose
/// attributes, or content in memory, the next commit has to write. Thread-safe, but [#cut] and
/// [#restore] exclude changes.
final class Pending {

    /// What an inode takes in the journal, roughly.
    static final int INODE = 128;

    /// What goes before all else: what could not be written, or has to be done before what comes
    /// behind it.
    private volatile Records sealed = new Records();

    private volatile Records records = new Records();
    private List<StoreNode> queue = new ArrayList<>();
    private volatile int queued;

    /// Where a change is recorded.
    Records records() {
        return records;
    }

    synchronized void queue(StoreNode node) {
        queue.add(node);
        queued = queue.size();
    }

    /// Bytes in the journal, roughly.
    long length() {
        return sealed.length() + records.length() + (long) queued * INODE;
    }

    synchronized StoreNode[] queue() {
        return queue.toArray(StoreNode[]::new);
    }

    /// Everything there is, as records: inodes first, which the others refer to.
    Records cut() {
        List<StoreNode> changed;
        synchronized (this) {
            changed = queue;
            queue = new ArrayList<>();
            queued = 0;
        }
        var all = sealed;
        sealed = new Records();
        for (var node : changed) node.record(all);
        all.append(records);
        records = new Records();
        return all;
    }

    /// A cut could not be written: it goes before what has come since.
    void restore(Records cut) {
        cut.append(sealed);
        sealed = cut;
    }

    /// Everything there is comes before a record, and all that comes later behind it: inodes, too,
    /// which else come first. Excludes changes.
    void seal(java.util.function.Consumer<Records> record) {
        var all = cut();
        record.accept(all);
        sealed = all;
    }
}
