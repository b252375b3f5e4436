package podium.vfs.sqlite;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.backend.Quota;

/// A tree in use.
///
/// A change is a transaction, which is in the log when the call returns, but not forced: what a
/// process has done outlives its death, what is synced outlives the machine's. A sync is one more
/// transaction, with a force; those who ask while one is under way share the next one.
final class Tree implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tree.class);

    /// Access times that wait in memory for another change.
    private static final int MOST_TIMED = 4096;

    final Database database;
    final Quota pages;
    final Quota inodes;
    final Faults faults;
    final NodeCache cache = new NodeCache();
    final SnapshotList snapshots = new SnapshotList();

    /// Inodes without a name that are being freed. Under the write lock.
    final List<Change.Orphan> orphans = new ArrayList<>();

    private final Room room;
    private final ReentrantLock writing = new ReentrantLock();

    /// Fair, so that those who waited for a force go before those who come again: whoever makes the
    /// next one then makes it for all of them.
    private final ReentrantLock syncing = new ReentrantLock(true);

    private final Set<SqliteNode> timed = ConcurrentHashMap.newKeySet();
    private Totals named;
    private volatile long changes;
    private volatile long durable;
    private volatile boolean closed;

    /// @throws SQLException it is damaged
    Tree(Database database, Quota pages, Quota inodes) throws SQLException {
        this.database = database;
        this.pages = pages;
        this.inodes = inodes;
        faults = new Faults(database.path.toString(), database.reserve);
        room = new Room(database);
        var session = database.writer();
        snapshots.load(session);
        var total = Totals.all(session);
        this.inodes.count(total.inodes());
        this.pages.count(total.pages());
        named = Totals.named(session);
        // What was open without a name when its user ended.
        session.each(
                row -> orphans.add(new Change.Orphan(row.getLong(1), row.getLong(2))), Sql.ORPHANS);
    }

    /// What has a name, and its pages of content. Under the write lock.
    Totals named() {
        return named;
    }

    void setNamed(Totals totals) {
        named = totals;
    }

    /// Nanoseconds since the epoch.
    static long now() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    SqliteDirectory root() {
        if (node(Schema.ROOT) instanceof SqliteDirectory root) return root;
        throw new IllegalStateException("a tree without a root");
    }

    private @Nullable SqliteNode node(long inode) {
        var known = cache.get(inode);
        return known != null ? known : find(0, _ -> {}, Sql.INODE, inode);
    }

    /// Looks whether a row is what it should be.
    interface Inspection {
        /// @throws DamageException it is not
        void of(ResultSet row) throws SQLException;
    }

    /// Reads an inode's row, by a query for it.
    ///
    /// @param asker the inode to name when that fails
    /// @param inspection of what else the row has
    @Nullable SqliteNode find(long asker, Inspection inspection, Sql sql, Object... values) {
        long version = cache.version();
        Session.Row<SqliteNode> fresh =
                row -> {
                    inspection.of(row);
                    return row(row);
                };
        var found = read(asker, session -> Optional.ofNullable(session.one(fresh, sql, values)));
        if (found.isEmpty()) return null;
        var node = cache.add(found.get(), version);
        if (node != null) return node;
        // It may have been changed meanwhile. Nobody changes anything now.
        writing.lock();
        try {
            checkOpen();
            return database.writer()
                    .one(
                            row -> {
                                inspection.of(row);
                                return loaded(row);
                            },
                            sql,
                            values);
        } catch (SQLException e) {
            throw faults.unreadable(e, asker);
        } finally {
            writing.unlock();
        }
    }

    private SqliteNode row(ResultSet row) throws SQLException {
        long inode = row.getLong("id");
        return SqliteNode.of(this, inode, Status.of(row), row.getLong("accessed"));
    }

    /// The inode of a row that was read under the write lock.
    SqliteNode loaded(ResultSet row) throws SQLException {
        var known = cache.get(row.getLong("id"));
        if (known != null) return known;
        var node = row(row);
        cache.add(node);
        return node;
    }

    /// Asks something of what is committed.
    ///
    /// @param asker the inode to name when that fails
    <T> T read(long asker, Readers.Query<T> query) {
        checkOpen();
        try {
            return database.readers.read(query);
        } catch (SQLException e) {
            if (closed) throw Errno.EIO.exception();
            throw faults.unreadable(e, asker);
        }
    }

    /// @throws ErrnoException `EIO`: it is closed
    void checkOpen() {
        if (closed) throw Errno.EIO.exception();
    }

    /// @throws ErrnoException `EROFS`; `EIO`: it is closed, or has failed
    void checkWritable() {
        var error = refusal();
        if (error != null) throw error.exception();
    }

    @Nullable Errno refusal() {
        if (closed || faults.isFailed()) return Errno.EIO;
        return database.readOnly ? Errno.EROFS : null;
    }

    /// Makes a change that takes no space.
    <T> T free(Change.Work<T> work) {
        return change(-1, work);
    }

    /// Makes a change, whole or not at all.
    ///
    /// @param content how many bytes of content it writes at most, or -1 when it takes no space, so
    ///     that it is let through when the disk is full
    /// @throws ErrnoException what the work throws; `EROFS`; `EIO`; `ENOSPC`
    <T> T change(long content, Change.Work<T> work) {
        writing.lock();
        try {
            checkWritable();
            if (content >= 0 && !hasRoom(content)) throw Errno.ENOSPC.exception();
            return change(work, content < 0);
        } catch (SQLException e) {
            throw faults.unchanged(e, Schema.ROOT);
        } finally {
            writing.unlock();
        }
    }

    private boolean hasRoom(long content) throws SQLException {
        if (room.take(content)) return true;
        if (orphans.isEmpty()) return false;
        change(
                change -> {
                    for (var orphan : List.copyOf(orphans)) change.freeSome(orphan, 1 << 30);
                    return true;
                },
                true);
        return room.take(content);
    }

    <T> T change(Change.Work<T> work, boolean again) throws SQLException {
        try {
            return new Change(this).run(work);
        } catch (SQLException e) {
            if (!again || !Faults.isFull(e)) throw e;
            return changeInNewRoom(work);
        }
    }

    private <T> T changeInNewRoom(Change.Work<T> work) throws SQLException {
        database.makeRoom();
        try {
            return new Change(this).run(work);
        } catch (SQLException e) {
            if (!Faults.isFull(e) || !database.release()) throw e;
            return new Change(this).run(work);
        }
    }

    /// As [#free], for what need not happen.
    void tryFree(Change.Work<?> work) {
        writing.lock();
        try {
            if (refusal() == null) change(work, true);
        } catch (SQLException e) {
            // What it did not free is freed when the tree is mounted next.
            if (!Faults.isFull(e)) faults.unchanged(e, Schema.ROOT);
        } finally {
            writing.unlock();
        }
    }

    /// The number of a change that is committed. Under the write lock.
    long stamp() {
        long next = changes + 1;
        changes = next;
        return next;
    }

    /// The number of the last change.
    long lastStamp() {
        return changes;
    }

    /// An access time waits for the next change.
    void timed(SqliteNode node) {
        if (database.readOnly) return;
        timed.add(node);
        if (timed.size() > MOST_TIMED) tryFree(this::writeTimes);
    }

    /// A change writes it.
    void untimed(SqliteNode node) {
        timed.remove(node);
    }

    /// Writes the access times that wait.
    void writeTimes() {
        if (!timed.isEmpty()) free(this::writeTimes);
    }

    private boolean writeTimes(Change change) {
        timed.removeIf(SqliteNode::isGone);
        for (var node : timed) change.edit(node);
        return true;
    }

    /// Writes the access times that wait, if that can be done.
    void tryWriteTimes() {
        if (!timed.isEmpty()) tryFree(this::writeTimes);
    }

    /// Makes everything durable.
    void sync() {
        sync(changes);
    }

    /// Makes everything up to a change durable.
    ///
    /// @throws ErrnoException `EIO`, `ENOSPC`
    void sync(long change) {
        if (database.readOnly || durable >= change) return;
        syncing.lock();
        try {
            if (durable >= change) return;
            writing.lock();
            try {
                force();
            } finally {
                writing.unlock();
            }
        } finally {
            syncing.unlock();
        }
    }

    private void force() {
        if (refusal() != null) throw Errno.EIO.exception();
        long last = changes;
        try {
            try {
                database.force();
            } catch (SQLException e) {
                if (!Faults.isFull(e)) throw e;
                database.makeRoom();
                database.force();
            }
        } catch (SQLException e) {
            throw faults.unchanged(e, Schema.ROOT);
        }
        durable = last;
    }

    /// Does what is put off: frees content, writes access times, forces.
    void tick() {
        new Upkeep(this).run();
    }

    /// What is done while nobody changes anything.
    interface Step {
        boolean run() throws SQLException, IOException;
    }

    /// @return what the step does, or false when nothing can be written
    boolean alone(Step step) {
        writing.lock();
        try {
            return refusal() == null && step.run();
        } catch (SQLException e) {
            throw faults.unchanged(e, Schema.ROOT);
        } catch (IOException e) {
            LOG.warn("database {}: {}", database.path, e.toString());
            return false;
        } finally {
            writing.unlock();
        }
    }

    /// Bytes that new content may still take.
    long left() {
        writing.lock();
        try {
            checkOpen();
            return room.left();
        } catch (SQLException e) {
            throw faults.unreadable(e, Schema.ROOT);
        } finally {
            writing.unlock();
        }
    }

    /// Commits and ends. Idempotent.
    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) return;
            if (refusal() == null) {
                if (!timed.isEmpty()) change(this::writeTimes, true);
                force();
            }
        } catch (ErrnoException e) {
            LOG.error("database {}: the last sync failed: {}", database.path, e.errno().text());
        } catch (SQLException e) {
            LOG.error("database {}: closing: {}", database.path, Faults.line(e));
        } finally {
            end();
            writing.unlock();
        }
    }

    private void end() {
        if (closed) return;
        closed = true;
        try {
            database.close();
        } catch (SQLException e) {
            LOG.error("database {}: closing: {}", database.path, Faults.line(e));
        }
    }
}
