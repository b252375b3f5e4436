package podium.vfs.overlay;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Node;

/// What the upper layer's copies were before: their numbers, and how many names in a lower layer
/// lead
/// to them. It is kept in the upper layer, for the next mount: a file of records, the last one of
/// an
/// inode counts; and a directory with a link to each copy of an inode that had several names, by
/// its
/// number. Thread-safe.
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

    private Node.Regular file;
    final Node.Directory links;

    Origins(Node.Directory root, Work work) {
        var there = root.lookup(FILE);
        file = there instanceof Node.Regular known ? known : root.create(FILE, 0600, 0, 0);
        var directory = root.lookup(LINKS);
        links =
                directory instanceof Node.Directory known
                        ? known
                        : root.createDirectory(LINKS, 0700, 0, 0);
        long records = read();
        // Else what is appended to it would be none, either.
        if (file.attributes().size() > records * RECORD) file.truncate(records * RECORD);
        if (records > 2L * all.size() + 100) compact(root, work);
        removeForgotten();
    }

    private long read() {
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
    private void compact(Node.Directory root, Work work) {
        var name = work.name();
        var records = ByteBuffer.allocate(all.size() * RECORD);
        all.forEach((inode, origin) -> put(records, inode, origin));
        records.flip();
        try {
            var fresh = work.directory.create(name, 0600, 0, 0);
            if (records.hasRemaining()) fresh.append(records);
            fresh.sync(false);
            work.directory.rename(name, root, FILE, false);
            file = fresh;
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) throw e;
            if (work.directory.lookup(name) != null) work.remove(name);
        }
    }

    /// Removes copies that were only open when the last mount ended.
    private void removeForgotten() {
        for (var entry : links.entries(0, Integer.MAX_VALUE)) {
            var copy = links.lookup(entry.name());
            if (copy == null) continue;
            var of = copy.attributes();
            var origin = all.get(of.inode());
            if (origin != null && name(origin.number()).equals(entry.name())) {
                if (of.links() > 1 || origin.names() > origin.hidden()) continue;
                forget(of.inode());
            }
            links.unlink(entry.name());
        }
        // Without its link, a copy is one like others.
        for (var known : all.entrySet()) {
            long number = known.getValue().number();
            if (known.getValue().names() > 1 && links.lookup(name(number)) == null)
                known.setValue(new Origin(number, 0, 0));
        }
    }

    private static void put(ByteBuffer records, long inode, Origin origin) {
        records.putLong(inode).putLong(origin.number());
        records.putInt(origin.names()).putInt(origin.hidden());
    }

    private void append(long inode, Origin origin) {
        var record = ByteBuffer.allocate(RECORD);
        put(record, inode, origin);
        file.append(record.flip());
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
    synchronized void settle() {
        try {
            for (var each = owed.entrySet().iterator(); each.hasNext(); each.remove()) {
                var one = each.next();
                append(one.getKey(), one.getValue());
            }
        } catch (ErrnoException _) {
            // It stays owed. If a crash comes first, a later inode of that number may seem to be
            // this copy, or the copy to have a name more.
        }
    }

    /// The name in [#links] of a copy.
    static String name(long number) {
        return Long.toHexString(number);
    }

    /// The copy of an inode with several names, or null.
    @Nullable Node copy(long number) {
        var copy = links.lookup(name(number));
        if (copy == null) return null;
        var origin = all.get(copy.attributes().inode());
        if (origin == null || origin.number() != number) throw Errno.EIO.exception();
        return copy;
    }
}
