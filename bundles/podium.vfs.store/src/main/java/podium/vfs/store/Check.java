package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.vfs.CheckReport;
import podium.vfs.backend.Quota;

/// Looks whether a store that nobody has mounted is what was written, every byte of it; and brings
/// one that is not to the last state that makes sense.
public final class Check {

    private static final String CUT = "damaged-";

    private final Disk disk;
    private final CheckReport report;
    private int problems;

    private Check(Disk disk, CheckReport report) {
        this.disk = disk;
        this.report = report;
    }

    /// Reads a store to the last byte. Changes nothing.
    ///
    /// @param report is told each problem, and figures at the end
    /// @return how many problems there are
    /// @throws IOException in one line: it cannot be read, or is in use
    static int check(Path directory, CheckReport report) throws IOException {
        try (var disk = new HostDisk(directory, false)) {
            return check(disk, report);
        }
    }

    /// Brings a store to its last consistent state. What it cuts is copied first, to files in the
    /// store's directory whose names begin with `damaged-`; pages that are lost read as zeros then.
    /// A store without problems is left as it is.
    ///
    /// @param report is told each problem, and what was done
    /// @return how many problems there were
    /// @throws IOException in one line: it cannot be read or written, is in use, or nothing can be
    ///     saved; what was there still is
    static int repair(Path directory, CheckReport report) throws IOException {
        try (var disk = new HostDisk(directory, false)) {
            return repair(disk, report);
        }
    }

    /// As [#check(Path, CheckReport)], of a store that is somewhere else.
    public static int check(Disk disk, CheckReport report) throws IOException {
        var check = new Check(disk, report);
        try (var store = check.load()) {
            check.examine(store, false);
        }
        return check.problems;
    }

    /// As [#repair(Path, CheckReport)], of a store that is somewhere else.
    public static int repair(Disk disk, CheckReport report) throws IOException {
        var check = new Check(disk, report);
        try (var store = check.load()) {
            check.examine(store, true);
            if (check.problems > 0) check.save(store);
        }
        return check.problems;
    }

    private void problem(String line) {
        problems++;
        report.problem(line);
    }

    /// The last state that makes sense.
    private Store load() throws IOException {
        long generation = Recovery.generation(disk.list());
        if (generation < 0) throw new IOException(disk.name() + " holds no store");
        long most = Long.MAX_VALUE;
        for (; ; ) {
            var store =
                    new Store(
                            disk,
                            Limits.STANDARD,
                            new Quota(Long.MAX_VALUE),
                            new Quota(Long.MAX_VALUE),
                            true);
            try (var file = disk.open(Journal.name(generation))) {
                var reader = new JournalReader(file);
                long good = replay(store, reader, most);
                if (good < 0) {
                    if (most == Long.MAX_VALUE) damage(reader);
                    return store;
                }
                most = good;
            }
        }
    }

    /// @return -1, or how many frames made sense
    private long replay(Store store, JournalReader reader, long most) throws IOException {
        var replay = new Replay(store);
        for (long count = 0; count < most; count++) {
            var frame = reader.next();
            if (frame == null || frame.records() == null) break;
            try {
                replay.apply(frame.records());
            } catch (DamageException e) {
                problem("frame %d of the journal: %s".formatted(frame.sequence(), e.getMessage()));
                return count;
            }
        }
        if (reader.isComplete()) return -1;
        throw new IOException(
                Recovery.damage(reader) + ": without it nothing can be saved; use a backup");
    }

    private void damage(JournalReader reader) throws IOException {
        var damage = Recovery.damage(reader);
        if (damage != null) problem(damage);
        else if (!reader.isClean())
            report.note(
                    "the journal's end was torn off by a crash, at byte %d: no problem, nothing of"
                                    .formatted(reader.position())
                            + " it was promised");
    }

    private void examine(Store store, boolean cut) throws IOException {
        long total = store.pages.used() * Extent.PAGE;
        store.segments.found(disk.list());
        new Structure(store, this::problem).check();
        var paths = paths(store);
        long[] bytes = {0};
        int files = 0;
        for (var node : store.nodes.all()) {
            if (!(node instanceof StoreRegular file)) continue;
            files++;
            var path = paths.getOrDefault(file.inode, "inode " + file.inode);
            read(store, file.content, path, cut, bytes);
            progress(files, bytes[0], total);
        }
        for (var content : store.snapshots.contents()) {
            read(store, content, "in a snapshot, inode " + content.inode, cut, bytes);
            progress(files, bytes[0], total);
        }
        report.note(
                "%s: %d inodes, %d files with %d bytes on the disk, %d problems"
                        .formatted(disk.name(), store.nodes.size(), files, bytes[0], problems));
    }

    private void progress(int files, long bytes, long total) throws IOException {
        if (!report.progress(files, bytes, total))
            throw new java.io.InterruptedIOException("interrupted");
    }

    /// Reads all pages of a file, or of what it was in a snapshot, that were not read before.
    ///
    /// @param cut whether those that are not right are copied, and cut out of it
    private void read(Store store, Content content, String path, boolean cut, long[] bytes)
            throws IOException {
        var now = store.nodes.get(content.inode) instanceof StoreRegular file ? file.content : null;
        var bad = new ArrayList<Extent>();
        var extents = content.extents;
        for (int i = 0; i < extents.size(); i++)
            for (var extent : extents.first(extents.get(i), now == null ? null : now.extents)) {
                bytes[0] += extent.bytes();
                if (!extent.isReserved()) bad.addAll(bad(store, extent));
            }
        for (var page : bad) {
            problem(
                    "%s: bytes %d to %d are damaged (in segment %08x at %d)"
                            .formatted(
                                    path,
                                    page.page() * Extent.PAGE,
                                    page.page() * Extent.PAGE + page.bytes() - 1,
                                    page.segment(),
                                    page.offset()));
            if (!cut) continue;
            copy(store, content, page);
            if (now != null) now.unload(page);
            for (var other : store.snapshots.contents())
                if (other.inode == content.inode) other.unload(page);
        }
    }

    private static List<Extent> bad(Store store, Extent extent) throws IOException {
        var bad = new ArrayList<Extent>();
        var buffer = ByteBuffer.allocate(Extent.PAGE);
        for (long page = extent.page(); page < extent.end(); page++) {
            try {
                store.segments.read(
                        extent, page * Extent.PAGE, buffer.clear(), extent.length(page));
            } catch (DamageException e) {
                bad.add(extent.slice(page, page + 1));
            }
        }
        return bad;
    }

    /// Keeps what is there of a damaged page.
    private void copy(Store store, Content content, Extent page) throws IOException {
        var bytes = ByteBuffer.allocate(page.bytes());
        store.segments.readUnchecked(page, bytes);
        var name = "%sinode-%d-byte-%d".formatted(CUT, content.inode, page.page() * Extent.PAGE);
        try (var copy = disk.create(name)) {
            copy.write(bytes.flip(), 0);
            copy.force();
        }
        report.note("what is there of it is kept in " + name);
    }

    /// Writes the state to a new journal, and keeps the old one under another name.
    private void save(Store store) throws IOException {
        long generation = Recovery.generation(disk.list());
        var old = Journal.name(generation);
        try (var journal = Snapshot.write(store, generation + 1, 0)) {
            journal.force();
            journal.publish(disk);
        }
        disk.rename(old, CUT + old);
        disk.force();
        report.note("repaired; the old journal is kept in " + CUT + old);
    }

    /// A path of each inode.
    private static Map<Long, String> paths(Store store) {
        var paths = new HashMap<Long, String>();
        if (!(store.nodes.get(1) instanceof StoreDirectory root)) return paths;
        paths.put(1L, "");
        var todo = new ArrayDeque<StoreDirectory>();
        todo.add(root);
        for (StoreDirectory at = todo.poll(); at != null; at = todo.poll())
            for (int slot = 0; slot < at.names.end(); slot++) {
                @Nullable String name = at.names.name(slot);
                if (name == null) continue;
                var node = at.names.node(slot);
                boolean first =
                        paths.putIfAbsent(node.inode, paths.get(at.inode) + "/" + name) == null;
                if (first && node instanceof StoreDirectory below) todo.add(below);
            }
        return paths;
    }
}
