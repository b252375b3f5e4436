package podium.vfs.overlay;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Node;

/// What the upper layer's copies were before: their numbers, and how many names in a lower layer
/// lead to them. It is kept in the upper layer, for the next mount: a file of records, the last one
/// of an inode counts; and a directory with a link to each copy of an inode that had several names,
/// by its number. Thread-safe.
final class Origins {

    private static final String FILE = ".wh..wh..origins";
    private static final String LINKS = ".wh..wh..links";

    /// Inode in the upper layer, number, names, hidden names.
    private static final int RECORD = 8 + 8 + 4 + 4;

    private static final int AT_ONCE = 1000 * RECORD;

    /// What a copy was.
    ///
    /// @param number 0 for a copy that is no more
    /// @param names it had in the lower layer
    /// @param hidden how many of them are no longer what leads to it
    record Origin(long number, int names, int hidden) {}

    private final Map<Long, Origin> all = new ConcurrentHashMap<>();

    /// What has happened, but could not be noted yet for want of room.
    private final Map<Long, Origin> owed = new LinkedHashMap<>();

    private final Node.Directory root;
    private Node.@Nullable Regular file;
    private volatile Node.@Nullable Directory links;

    private Origins(Node.Directory root) {
        this.root = root;
        if (root.lookup(FILE) instanceof Node.Regular known) file = known;
        if (root.lookup(LINKS) instanceof Node.Directory known) links = known;
    }

    Origins(Node.Directory root, Work work) {
        this(root);
        var known = file;
        if (known != null) {
            long records = read(known);
            // Else what is appended to it would be none, either.
            if (known.attributes().size() > records * RECORD) known.truncate(records * RECORD);
            if (records > 2L * all.size() + 100) compact(work);
        }
        removeForgotten();
        forgetUnlinked();
    }

    /// Those of a tree that nobody changes.
    ///
    /// @throws ErrnoException `ENOTDIR`, `EISDIR`: it cannot be an upper layer's
    static Origins frozen(Node.Directory root) {
        for (var name : List.of(LINKS, Whiteouts.WORK)) {
            var there = root.lookup(name);
            if (there != null && !(there instanceof Node.Directory))
                throw Errno.ENOTDIR.exception();
        }
        if (root.lookup(FILE) instanceof Node.Directory) throw Errno.EISDIR.exception();
        var origins = new Origins(root);
        if (origins.file != null) origins.read(origins.file);
        origins.forgetUnlinked();
        return origins;
    }

    /// How many inodes an upper layer has for it, and for [Work].
    static int inodes(Node.Directory root) {
        int count = 0;
        for (var name : List.of(FILE, LINKS, Whiteouts.WORK))
            if (root.lookup(name) != null) count++;
        return count;
    }

    /// Makes what is missing.
    ///
    /// @throws podium.syscall.ErrnoException `ENOSPC`
    void prepare() {
        file();
        links();
    }

    private synchronized Node.Regular file() {
        var known = file;
        if (known == null) file = known = root.create(FILE, 0600, 0, 0);
        return known;
    }

    /// The directory of links, made if it is missing.
    synchronized Node.Directory links() {
        var known = links;
        if (known == null) links = known = root.createDirectory(LINKS, 0700, 0, 0);
        return known;
    }

    private long read(Node.Regular file) {
        var buffer = ByteBuffer.allocate(AT_ONCE);
        long at = 0;
        for (; ; ) {
            file.read(buffer.clear(), at);
            // What a crash cut off is no record.
            int whole = buffer.flip().limit() / RECORD * RECORD;
            if (whole == 0) return at / RECORD;
            while (buffer.position() < whole) {
                long inode = buffer.getLong();
                var origin = new Origin(buffer.getLong(), buffer.getInt(), buffer.getInt());
                if (origin.number() == 0) all.remove(inode);
                else all.put(inode, origin);
            }
            at += whole;
        }
    }

    /// Writes a new file and puts it in the place of the old one: whenever a crash comes, one of
    /// them is there. Without room for it, the old one stays.
    private void compact(Work work) {
        var name = work.name();
        var records = ByteBuffer.allocate(all.size() * RECORD);
        all.forEach((inode, origin) -> put(records, inode, origin));
        records.flip();
        try {
            var fresh = work.directory().create(name, 0600, 0, 0);
            if (records.hasRemaining()) fresh.append(records);
            fresh.sync(false);
            work.directory().rename(name, root, FILE, false);
            file = fresh;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) throw e;
            work.removeIfThere(name);
        }
    }

    /// Removes copies that were only open when the last mount ended.
    private void removeForgotten() {
        var known = links;
        if (known == null) return;
        for (var entry : known.entries(0, Integer.MAX_VALUE)) {
            var copy = known.lookup(entry.name());
            if (copy == null) continue;
            var of = copy.attributes();
            var origin = all.get(of.inode());
            if (origin != null && name(origin.number()).equals(entry.name())) {
                if (of.links() > 1 || origin.names() > origin.hidden()) continue;
                forget(of.inode());
            }
            known.unlink(entry.name());
        }
    }

    /// Without its link, a copy is one like others.
    private void forgetUnlinked() {
        var known = links;
        for (var one : all.entrySet()) {
            long number = one.getValue().number();
            boolean linked = known != null && known.lookup(name(number)) != null;
            if (one.getValue().names() > 1 && !linked) one.setValue(new Origin(number, 0, 0));
        }
    }

    private static void put(ByteBuffer records, long inode, Origin origin) {
        records.putLong(inode).putLong(origin.number());
        records.putInt(origin.names()).putInt(origin.hidden());
    }

    private void append(long inode, Origin origin) {
        var record = ByteBuffer.allocate(RECORD);
        put(record, inode, origin);
        file().append(record.flip());
    }

    @Nullable Origin of(long inode) {
        return all.get(inode);
    }

    /// Notes what is about to happen.
    ///
    /// @throws podium.syscall.ErrnoException `ENOSPC`
    synchronized void put(long inode, Origin origin) {
        append(inode, origin);
        owed.remove(inode);
        all.put(inode, origin);
    }

    /// Notes what has happened, which no lack of room undoes: then it is noted with what comes
    /// next.
    synchronized void note(long inode, Origin origin) {
        if (origin.number() == 0) all.remove(inode);
        else all.put(inode, origin);
        owed.remove(inode);
        owed.put(inode, origin);
        settle();
    }

    void forget(long inode) {
        if (all.containsKey(inode)) note(inode, new Origin(0, 0, 0));
    }

    /// Notes what is owed, as far as there is room.
    ///
    /// @return whether nothing is owed any more
    synchronized boolean settle() {
        try {
            for (var each = owed.entrySet().iterator(); each.hasNext(); each.remove()) {
                var one = each.next();
                append(one.getKey(), one.getValue());
            }
        } catch (ErrnoException _) {
            // It stays owed. If a crash comes first, a later inode of that number may seem to be
            // this copy, or the copy to have a name more.
        }
        return owed.isEmpty();
    }

    /// The name in [#links()] of a copy.
    static String name(long number) {
        return Long.toHexString(number);
    }

    /// The copy of an inode with several names, or null.
    @Nullable Node copy(long number) {
        var known = links;
        var copy = known == null ? null : known.lookup(name(number));
        if (copy == null) return null;
        var origin = all.get(copy.attributes().inode());
        if (origin == null || origin.number() != number) throw Errno.EIO.exception();
        return copy;
    }
}
