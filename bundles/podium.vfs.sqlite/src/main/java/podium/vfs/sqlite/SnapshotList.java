package podium.vfs.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.LinuxString;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;

/// The snapshots that there are. Thread-safe; it changes under [Tree]'s write lock.
final class SnapshotList {

    private final Map<String, Taken> taken = new LinkedHashMap<>();
    private final TreeMap<Long, Taken> numbers = new TreeMap<>();

    /// Numbers of those whose rows are yet to be freed.
    private final TreeSet<Long> forgotten = new TreeSet<>();

    /// How many have one open, by number; -1 while it is being deleted.
    private final Map<Long, Integer> users = new HashMap<>();

    private volatile long last;
    private volatile boolean hasPast;

    /// A snapshot.
    ///
    /// @param time nanoseconds since the epoch
    /// @param pages of content
    record Taken(long id, String name, long time, long inodes, long pages) {

        byte[] encoded() {
            return LinuxString.encode(name);
        }

        long checksum() {
            return Checksum.of(encoded(), time, inodes, pages);
        }
    }

    /// Those of a database.
    ///
    /// @throws DamageException a row is not what was written
    void load(Session session) throws SQLException {
        for (var row : rows(session))
            if (row.name.isEmpty()) forget(row.id);
            else add(row);
    }

    /// Those of a database; what is yet to be freed has no name.
    ///
    /// @throws DamageException a row is not what was written
    static List<Taken> rows(Session session) throws SQLException {
        var all = new ArrayList<Taken>();
        session.each(
                row -> {
                    if (!isSound(row)) throw new DamageException("a snapshot has a wrong checksum");
                    return all.add(of(row));
                },
                Sql.SNAPSHOTS);
        return all;
    }

    static Taken of(ResultSet row) throws SQLException {
        var bytes = row.getBytes("name");
        return new Taken(
                row.getLong("id"),
                bytes == null ? "" : LinuxString.decode(bytes),
                row.getLong("taken"),
                row.getLong("inodes"),
                row.getLong("pages"));
    }

    /// Whether a row is what was written.
    static boolean isSound(ResultSet row) throws SQLException {
        var one = of(row);
        if (row.getBytes("name") == null) return true;
        return one.checksum() == row.getLong("crc") && Snapshot.isName(one.name);
    }

    /// The name of one that has lost its own.
    static byte[] recovered(long id) {
        return LinuxString.encode("recovered-" + id);
    }

    /// The number of the last one, or 0.
    long last() {
        return last;
    }

    /// Whether there may be rows of snapshots.
    boolean hasPast() {
        return hasPast;
    }

    /// @throws podium.syscall.ErrnoException `EINVAL`, `EEXIST`, `EDQUOT`
    synchronized void checkNew(String name) {
        if (!Snapshot.isName(name)) throw Errno.EINVAL.exception();
        if (taken.containsKey(name)) throw Errno.EEXIST.exception();
        if (taken.size() >= Snapshots.MOST) throw Errno.EDQUOT.exception();
    }

    synchronized void add(Taken one) {
        taken.put(one.name, one);
        numbers.put(one.id, one);
        settle();
    }

    /// Its rows are to be freed.
    synchronized void forget(long id) {
        var one = numbers.remove(id);
        if (one != null) taken.remove(one.name);
        users.remove(id);
        forgotten.add(id);
        settle();
    }

    /// Its rows are freed.
    synchronized void freed(long id) {
        forgotten.remove(id);
        settle();
    }

    private void settle() {
        last = numbers.isEmpty() ? 0 : numbers.lastKey();
        hasPast = !numbers.isEmpty() || !forgotten.isEmpty();
    }

    /// The oldest one first.
    synchronized List<Taken> all() {
        return List.copyOf(taken.values());
    }

    /// @throws podium.syscall.ErrnoException `ENOENT`
    synchronized Taken get(String name) {
        var one = taken.get(name);
        if (one == null || users.getOrDefault(one.id, 0) < 0) throw Errno.ENOENT.exception();
        return one;
    }

    /// Keeps one from being deleted, until [#close].
    ///
    /// @throws podium.syscall.ErrnoException `ENOENT`
    synchronized Taken open(String name) {
        var one = get(name);
        users.merge(one.id, 1, Integer::sum);
        return one;
    }

    synchronized void close(Taken one) {
        users.computeIfPresent(one.id, (_, count) -> count == 1 ? null : count - 1);
    }

    /// Begins to delete one: nobody opens it any more.
    ///
    /// @throws podium.syscall.ErrnoException `ENOENT`; `EBUSY` while it is open
    synchronized Taken leave(String name) {
        var one = get(name);
        if (users.putIfAbsent(one.id, -1) != null) throw Errno.EBUSY.exception();
        return one;
    }

    /// It was not deleted.
    synchronized void stay(Taken one) {
        users.remove(one.id, -1);
    }

    /// The greatest number that is less, or 0.
    synchronized long before(long id) {
        var before = numbers.lowerKey(id);
        return before == null ? 0 : before;
    }

    /// The least number that is greater.
    synchronized long after(long id) {
        var after = numbers.higherKey(id);
        return after == null ? Long.MAX_VALUE : after;
    }

    /// One whose rows are to be freed, or null.
    synchronized @Nullable Long someForgotten() {
        return forgotten.isEmpty() ? null : forgotten.first();
    }
}
