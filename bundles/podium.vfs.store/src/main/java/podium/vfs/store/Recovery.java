package podium.vfs.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a store to the state that its disk has: the last journal, from its snapshot to its last
/// frame that is right.
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final String HINT =
            "; podium fs check tells what is damaged, fs repair saves what can be saved";

    private final Store store;
    private final Disk disk;
    private final List<String> names;

    private Recovery(Store store) throws IOException {
        this.store = store;
        disk = store.disk;
        names = disk.list();
    }

    /// Loads a store, or makes a new one where there is nothing.
    ///
    /// @throws DamageException something is wrong that no crash explains; nothing has changed
    static void open(Store store, int mode, int uid, int gid) throws IOException {
        var recovery = new Recovery(store);
        if (generation(recovery.names) < 0) recovery.make(mode, uid, gid);
        else recovery.load();
    }

    /// The number of the last journal, or -1.
    static long generation(List<String> names) {
        return names.stream().mapToLong(Journal::generation).max().orElse(-1);
    }

    private void make(int mode, int uid, int gid) throws IOException {
        for (var name : names) {
            if (Segment.number(name) >= 0)
                throw new DamageException("its journal is missing" + HINT);
            if (!name.endsWith(Journal.UNFINISHED))
                throw new IOException(
                        "it is not empty and holds no store; name an empty directory");
        }
        if (store.readOnly) throw new IOException("it holds no store, and may not be written");
        removeUnfinished();
        var root = new StoreDirectory(store, store.number(), StoreNode.now());
        store.nodes.add(root);
        synchronized (root) {
            root.begin(mode, uid, gid);
            root.links = 2;
        }
        store.inodes.count(1);
        store.replaceJournal();
    }

    private void removeUnfinished() throws IOException {
        for (var name : names) if (name.endsWith(Journal.UNFINISHED)) disk.delete(name);
    }

    private void load() throws IOException {
        long generation = generation(names);
        var file = disk.open(Journal.name(generation));
        boolean kept = false;
        try {
            var reader = new JournalReader(file);
            long snapshot = replay(store, reader, Long.MAX_VALUE);
            checkEnd(reader);
            var problems = new ArrayList<String>();
            store.segments.found(names);
            new Structure(store, problems::add).check();
            if (!problems.isEmpty()) throw new DamageException(problems.getFirst() + HINT);
            if (store.readOnly) return;
            // What was read may be in the host's memory alone, and what it does not need goes now.
            file.force();
            disk.force();
            store.resume(Journal.resume(file, reader, snapshot, store.limits.ahead()));
            kept = true;
            tidy(generation);
        } finally {
            if (!kept) file.close();
        }
    }

    /// Does what a journal says.
    ///
    /// @param most frames
    /// @return where the snapshot ended
    static long replay(Store store, JournalReader reader, long most) throws IOException {
        var replay = new Replay(store);
        long snapshot = 0;
        for (long count = 0; count < most; count++) {
            var frame = reader.next();
            if (frame == null || frame.records() == null) break;
            try {
                replay.apply(frame.records());
            } catch (DamageException e) {
                throw new DamageException(
                        "frame %d of the journal: %s%s"
                                .formatted(frame.sequence(), e.getMessage(), HINT));
            }
            if (frame.kind() == Frame.SNAPSHOT_END) snapshot = reader.position();
        }
        return snapshot;
    }

    private void checkEnd(JournalReader reader) throws IOException {
        var damage = damage(reader);
        if (damage != null) throw new DamageException(damage + HINT);
        if (!reader.isClean())
            LOG.warn(
                    "store {}: the journal's end was torn off by a crash; it is cut at byte {},"
                            + " behind the last commit that was complete",
                    disk.name(),
                    reader.position());
    }

    /// What no crash can have done to a journal, or null.
    static @Nullable String damage(JournalReader reader) throws IOException {
        if (!reader.isComplete())
            return "the journal is damaged at byte %d, in its snapshot"
                    .formatted(reader.position());
        long later = reader.later();
        return later < 0
                ? null
                : "the journal is damaged at byte %d, and goes on at %d"
                        .formatted(reader.position(), later);
    }

    /// Removes what nobody needs: older journals, segments, files without a name that were open.
    private void tidy(long generation) throws IOException {
        removeUnfinished();
        for (var name : names) {
            long number = Journal.generation(name);
            if (number >= 0 && number != generation) disk.delete(name);
        }
        int orphans = 0;
        for (var node : store.nodes.all()) {
            if (node.links > 0) continue;
            orphans++;
            synchronized (node) {
                if (node instanceof StoreRegular file) file.content.drop();
                node.free();
            }
        }
        if (orphans > 0) {
            store.stamp();
            LOG.debug("store {}: {} files without a name are freed", disk.name(), orphans);
        }
    }
}
