package podium.vfs.store;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.vfs.backend.Frozen;
import podium.vfs.backend.FrozenTree;

/// Writes the whole state to the beginning of a journal.
final class Snapshot {

    /// Records of a frame.
    private static final int PART = 1 << 20;

    private final Journal journal;
    private final Records records = new Records();

    /// Inodes of snapshots by the order of their records.
    private final Map<Frozen, Long> written = new IdentityHashMap<>();

    private Snapshot(Journal journal) {
        this.journal = journal;
    }

    /// Writes a journal that is not published yet. Nothing changes meanwhile.
    ///
    /// @param before the journal it is to replace
    static Journal write(Store store, @Nullable Journal before) throws IOException {
        long generation = before == null ? 1 : before.header.generation() + 1;
        return write(store, generation, before == null ? 0 : before.sequence());
    }

    static Journal write(Store store, long generation, long sequence) throws IOException {
        var name = Journal.name(generation) + Journal.UNFINISHED;
        var header = new JournalHeader(new java.security.SecureRandom().nextLong(), generation);
        Journal journal = null;
        boolean done = false;
        try {
            journal = Journal.create(store.disk, header, sequence, store.limits.ahead());
            new Snapshot(journal).state(store);
            done = true;
            return journal;
        } finally {
            if (!done && journal != null) {
                journal.close();
                store.disk.delete(name);
            }
        }
    }

    private void state(Store store) throws IOException {
        for (var tree : store.snapshots.trees.all()) tree(tree);
        var all = store.nodes.all();
        records.next(store.nodes.next());
        for (var node : all) {
            records.inode(node);
            if (!node.extended().isEmpty()) records.extended(node.inode, node.extended());
            if (node instanceof StoreRegular file) content(file);
            part();
        }
        for (var node : all) if (node instanceof StoreDirectory directory) names(directory);
        journal.append(Frame.SNAPSHOT_END, records.bytes());
    }

    /// What an earlier snapshot has already is not written again.
    private void tree(FrozenTree tree) throws IOException {
        records.tree(tree);
        for (var node : tree.nodes()) {
            var known = written.putIfAbsent(node, (long) written.size());
            if (known == null) records.frozen(node);
            else records.same(known);
            part();
        }
    }

    private void content(StoreRegular file) throws IOException {
        var extents = file.content.extents;
        for (int i = 0; i < extents.size(); i++) {
            records.extent(file.inode, extents.get(i));
            part();
        }
    }

    private void names(StoreDirectory directory) throws IOException {
        var names = directory.names;
        for (int slot = 0; slot < names.end(); slot++) {
            var name = names.name(slot);
            if (name == null) continue;
            records.entry(directory.inode, names.cookie(slot), names.node(slot).inode, name);
            part();
        }
    }

    private void part() throws IOException {
        if (records.length() < PART) return;
        journal.append(Frame.SNAPSHOT, records.bytes());
        records.clear();
    }
}
