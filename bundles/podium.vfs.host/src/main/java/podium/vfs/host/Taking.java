package podium.vfs.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.Clock;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.Node;
import podium.vfs.backend.ExtendedAttributes;

/// A snapshot that is being taken. The tree is read in rounds, while programs change it; each
/// round copies what is not known to be the same since it was copied, and the last one, while
/// nobody changes anything, the rest. What has changed is told by the host's time of the last
/// change, which nobody can set.
final class Taking {

    private static final int MOST_ROUNDS = 5;

    /// So many bytes need not become fewer before programs are held.
    private static final long LITTLE = 4 << 20;

    /// The tick of the host's clock for files, and more; where files have coarse times, theirs.
    private static final long TICK = 50_000_000;

    private static final long COARSE = 3_000_000_000L;

    private final HostFileSystem fs;
    private final SnapshotDirectory directory;
    private final Meter meter;
    private final Contents contents;
    private final long tick;

    /// What the round before has read, and what is in other snapshots, with their names.
    private Map<Status.Id, Kept> known = new HashMap<>();

    private final Map<Status.Id, Other> others = new HashMap<>();
    private long lastContent;

    /// In the last round.
    private @Nullable Openings openings;

    /// Bytes that this round has copied.
    private long copied;

    /// The round's.
    private List<Kept> inodes = new ArrayList<>();

    private Map<Status.Id, Integer> places = new HashMap<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();

    /// @param borrowed whether its content need not be in this one, too
    private record Other(String snapshot, Kept kept, boolean borrowed) {}

    /// A directory whose names are not read yet.
    private record Pending(HostDirectory directory, Kept kept) {}

    /// @param directory in which one was begun
    Taking(HostFileSystem fs, SnapshotDirectory directory, Meter meter) {
        this.fs = fs;
        this.directory = directory;
        this.meter = meter;
        contents =
                new Contents(
                        bytes -> {
                            copied += bytes;
                            meter.accept(bytes);
                        });
        tick = fs.hasCoarseTimes() ? COARSE : TICK;
    }

    /// What is the same in a snapshot need not be copied.
    void share(String snapshot, HostTree tree) {
        for (var one : tree.inodes())
            others.put(one.status().id(), new Other(snapshot, one, false));
    }

    /// As [#share], when this one is not needed for longer than that.
    void borrow(String snapshot, HostTree tree) {
        for (var one : tree.inodes()) others.put(one.status().id(), new Other(snapshot, one, true));
    }

    /// Copies what it can while the tree is used.
    void ahead() {
        meter.enter(Phase.COPY);
        long all = 0;
        for (int i = 1; i <= MOST_ROUNDS; i++) {
            round();
            all += copied;
            if (copied <= LITTLE || contents.isFree()) break;
            meter.enter(Phase.CATCH_UP);
        }
        if (all <= LITTLE) return;
        // It takes as long as it takes, so that little is left to be made durable.
        directory.sync();
        meter.enter(Phase.CATCH_UP);
        round();
    }

    /// Copies the rest while nobody changes anything.
    HostTree rest() {
        meter.enter(Phase.FREEZE);
        long now = Clock.realtime();
        try (var all = new Openings()) {
            openings = all;
            round();
        } finally {
            openings = null;
        }
        return new HostTree(now, inodes);
    }

    /// Reads of an inode, or leaves that to the last round.
    ///
    /// @return null: left
    private <T> @Nullable T reading(HostNode node, Supplier<T> work) {
        var last = openings;
        if (last != null) return last.reading(node, work);
        try {
            return work.get();
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES) return null;
            throw e;
        }
    }

    private void round() {
        copied = 0;
        inodes = new ArrayList<>();
        places = new HashMap<>();
        var root = fs.root();
        long now = Clock.realtime();
        try (var at = root.reach()) {
            var status = Linux.stat(at.number());
            add(kept(root, status, now), root);
        }
        for (var next = pending.poll(); next != null; next = pending.poll()) {
            var at = next.directory;
            var names = reading(at, () -> names(at));
            if (names != null) next.kept.names().addAll(names);
        }
        // What is gone by now.
        for (var one : known.values()) if (!places.containsKey(one.status().id())) drop(one);
        known = new HashMap<>();
        for (var one : inodes) known.put(one.status().id(), one);
    }

    private int add(Kept kept, HostNode node) {
        HostTree.checkRoom(inodes.size());
        inodes.add(kept);
        places.put(kept.status().id(), inodes.size() - 1);
        if (node instanceof HostDirectory below) pending.add(new Pending(below, kept));
        return inodes.size() - 1;
    }

    private List<Kept.Name> names(HostDirectory at) {
        var names = new ArrayList<Kept.Name>();
        at.forEach(
                entry -> {
                    int place = place(at, entry);
                    if (place >= 0) names.add(new Kept.Name(entry.name(), place));
                });
        return names;
    }

    /// @return -1 when there is no such name any more, or something of the host's is mounted there
    private int place(HostDirectory at, Node.Entry entry) {
        try {
            long now = Clock.realtime();
            var status = at.status(Place.bytes(entry.name()));
            if (status == null || !fs.shows(status)) return -1;
            var there = places.get(status.id());
            if (there != null) return there;
            var node = fs.node(status, new Place(at, entry.name()));
            return add(kept(node, status, now), node);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) return -1;
            throw e;
        }
    }

    /// @param now before the status was asked for
    private Kept kept(HostNode node, Status status, long now) {
        var before = known.get(status.id());
        if (before != null && before.isStill(status)) return again(before, status);
        if (before != null) drop(before);
        meter.inode();
        boolean settled = status.changed() < now - tick;
        var other = others.get(status.id());
        if (other != null && other.kept.isStill(status)) {
            var shared = shared(other, status);
            if (shared != null) return shared;
        }
        var target = node instanceof HostLink link ? link.target() : "";
        var extended = reading(node, () -> extended(node));
        Long content =
                node instanceof HostRegular file ? reading(file, () -> copied(file, status)) : 0L;
        boolean all = extended != null && content != null;
        return new Kept(
                status,
                extended == null ? ExtendedAttributes.NONE : extended,
                target,
                new ArrayList<>(),
                content == null ? 0 : content,
                settled && all);
    }

    /// The same inode once more, with names that are read anew.
    private static Kept again(Kept before, Status status) {
        return new Kept(
                status,
                before.extended(),
                before.target(),
                new ArrayList<>(),
                before.content(),
                true);
    }

    private @Nullable Kept shared(Other other, Status status) {
        var kept = again(other.kept, status);
        if (!status.regular() || kept.content() == 0) return kept;
        if (other.borrowed) return kept.withContent(-kept.content());
        long number = ++lastContent;
        boolean linked =
                directory.link(other.snapshot, kept.content(), SnapshotDirectory.NEW, number);
        return linked ? kept.withContent(number) : null;
    }

    private ExtendedAttributes extended(HostNode node) {
        var all = ExtendedAttributes.NONE;
        for (var name : node.extendedAttributes()) {
            var value = node.extendedAttribute(name);
            if (value != null) all = all.with(name, value);
        }
        return all;
    }

    /// @return the number of the copy; 0 of what is empty
    private long copied(HostRegular file, Status status) {
        if (status.size() == 0) return 0;
        long number = ++lastContent;
        boolean done = false;
        try (var from = file.openedApart();
                var to = directory.create(SnapshotDirectory.NEW, number)) {
            contents.copy(from.number(), to.number(), status.size());
            done = true;
        } finally {
            if (!done) directory.removeContent(SnapshotDirectory.NEW, number);
        }
        return number;
    }

    private void drop(Kept one) {
        if (one.content() > 0) directory.removeContent(SnapshotDirectory.NEW, one.content());
    }
}
