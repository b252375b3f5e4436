package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.LinuxString;

/// One change of the tree: a transaction, the new attributes of the inodes in it, which are
/// published when it is committed, and what it took of the quotas. Under [Tree]'s write lock.
final class Change {

    /// Files of so many pages, or fewer, are freed at once; others in many steps.
    private static final long FREED_AT_ONCE = 4096;

    private final Tree tree;
    final Session session;
    private final Map<SqliteNode, Status> edited = new IdentityHashMap<>();
    private final List<SqliteNode> made = new ArrayList<>();
    private final List<SqliteNode> freed = new ArrayList<>();
    private final List<Orphan> left = new ArrayList<>();
    private final List<Orphan> reclaimed = new ArrayList<>();
    private final List<Work<?>> atLast = new ArrayList<>();
    private final List<Runnable> whenDone = new ArrayList<>();
    private long pages;
    private long inodes;

    Change(Tree tree) {
        this.tree = tree;
        session = tree.database.writer();
    }

    /// What a change does.
    interface Work<T> {
        T on(Change change) throws SQLException;
    }

    <T> T run(Work<T> work) throws SQLException {
        boolean done = false;
        boolean turned = false;
        try {
            session.run(Sql.BEGIN);
            T result = work.on(this);
            for (var entry : edited.entrySet()) write(entry.getKey(), entry.getValue());
            tree.cache.turn();
            turned = true;
            for (var action : atLast) action.on(this);
            session.run(Sql.COMMIT);
            publish();
            done = true;
            return result;
        } finally {
            if (!done) undo();
            if (turned) tree.cache.turn();
        }
    }

    private void write(SqliteNode node, Status status) throws SQLException {
        if (freed.contains(node)) return;
        tree.untimed(node);
        keep(Sql.KEEP_INODE, node.inode);
        // Whoever reads may set another one at any moment: the checksum is of what is written.
        long accessed = node.accessed;
        session.run(
                Sql.SET_INODE,
                status.mode,
                status.uid,
                status.gid,
                status.links,
                status.size,
                status.pages,
                status.reserves ? 1 : 0,
                accessed,
                status.modified,
                status.changed,
                status.cookie,
                status.encoded(),
                status.checksum(accessed),
                last(),
                node.inode);
    }

    private void publish() {
        long number = tree.stamp();
        count();
        for (var node : made) node.publish(node.status(), number);
        for (var entry : edited.entrySet()) entry.getKey().publish(entry.getValue(), number);
        for (var node : freed) node.end();
        tree.orphans.addAll(left);
        tree.orphans.removeAll(reclaimed);
        for (var action : whenDone) action.run();
    }

    /// Counts what has names, and what that holds.
    private void count() {
        var named = tree.named();
        for (var node : made) named = named.with(node.status(), 1);
        for (var entry : edited.entrySet())
            named = named.with(entry.getKey().status(), -1).with(entry.getValue(), 1);
        tree.setNamed(named);
    }

    private void undo() {
        tree.database.rollBack();
        for (var node : made) tree.cache.remove(node);
        tree.pages.count(-pages);
        tree.inodes.count(-inodes);
    }

    /// The attributes of an inode, as this change sees them.
    Status of(SqliteNode node) {
        var status = edited.get(node);
        return status == null ? node.status() : status;
    }

    /// The attributes of an inode, to be changed.
    Status edit(SqliteNode node) {
        return edited.computeIfAbsent(node, _ -> node.status().copy());
    }

    /// An inode that has no name yet.
    ///
    /// @param target of a link, or null
    /// @throws podium.syscall.ErrnoException `ENOSPC`
    SqliteNode add(int mode, long device, int uid, int gid, byte @Nullable [] target)
            throws SQLException {
        takeInode();
        var status = Status.of(mode, uid, gid, Tree.now());
        status.device = device;
        if (target != null) {
            status.size = target.length;
            status.target = LinuxString.decode(target);
        }
        long inode = status.add(session, last());
        var node = SqliteNode.of(tree, inode, status, status.born);
        made.add(node);
        tree.cache.add(node);
        return node;
    }

    /// An inode by its name.
    @Nullable SqliteNode lookup(SqliteDirectory directory, byte[] name) throws SQLException {
        return session.one(
                row -> {
                    directory.checkEntry(row, name);
                    return tree.loaded(row);
                },
                Sql.LOOKUP,
                directory.inode,
                name);
    }

    /// Ends an inode that has no name and is not open.
    void free(SqliteNode node) throws SQLException {
        var status = edit(node);
        status.links = 0;
        var orphan = new Orphan(node.inode, status.taken());
        if (status.pages <= FREED_AT_ONCE) free(orphan);
        else {
            write(node, status);
            left.add(orphan);
        }
        freed.add(node);
    }

    /// Frees what belongs to an inode, and it.
    void free(Orphan orphan) throws SQLException {
        if (orphan.pages() > 0) {
            freeChunks(orphan.inode(), 0, Long.MAX_VALUE);
            freeReserved(orphan.inode(), Long.MAX_VALUE, 0);
        }
        keep(Sql.KEEP_INODE, orphan.inode());
        session.run(Sql.FREE_INODE, orphan.inode());
        givePages(orphan.pages());
        if (!hasPast() || session.number(0, Sql.HAS_PAST, orphan.inode()) == 0) countInodes(-1);
    }

    /// Frees chunks of a file, but for what snapshots have of them.
    void freeChunks(long inode, long first, long last) throws SQLException {
        keep(Sql.KEEP_CHUNKS, inode, first, last);
        if (hasPast()) countPages(session.number(0, Sql.SHARED, inode, first, last));
        session.run(Sql.FREE_PIECES, inode, first, last);
        session.run(Sql.FREE_CHUNKS, inode, first, last);
    }

    void freeReserved(long inode, long behind, long first) throws SQLException {
        keep(Sql.KEEP_RESERVED, inode, behind, first);
        session.run(Sql.FREE_RESERVED, inode, behind, first);
    }

    /// The number of the last snapshot: rows that are written are those of later ones.
    long last() {
        return tree.snapshots.last();
    }

    /// Whether there may be anything that only snapshots have.
    boolean hasPast() {
        return tree.snapshots.hasPast();
    }

    /// Keeps rows that are about to change, as the last snapshot has them.
    void keep(Sql sql, Object... key) throws SQLException {
        if (last() == 0) return;
        var values = new Object[key.length + 1];
        values[0] = last();
        System.arraycopy(key, 0, values, 1, key.length);
        session.run(sql, values);
    }

    /// Counts pages, those included for which the quota has no room.
    void countPages(long count) {
        tree.pages.count(count);
        pages += count;
    }

    void countInodes(long count) {
        tree.inodes.count(count);
        inodes += count;
    }

    /// An inode is no more, whose rows are freed otherwise.
    void ended(SqliteNode node) {
        edit(node).links = 0;
        freed.add(node);
    }

    /// An inode has the attributes that its row has already.
    void replaced(SqliteNode node, Status status, long accessed) {
        whenDone(() -> node.replace(status, accessed, tree.lastStamp()));
    }

    /// An inode that was to be freed has a name again.
    void revived(Orphan orphan) {
        reclaimed.add(orphan);
    }

    /// What is to be done when all rows are written, and nobody meets inodes any more that the
    /// cache does not have, until it is committed.
    void atLast(Work<?> action) {
        atLast.add(action);
    }

    /// What is to be done when it is committed.
    void whenDone(Runnable action) {
        whenDone.add(action);
    }

    /// Takes pages of the quota.
    ///
    /// @return false when it has not as many; nothing has changed then
    boolean tryTakePages(long count) throws SQLException {
        if (!tree.pages.tryTake(count)) {
            reclaim();
            if (!tree.pages.tryTake(count)) return false;
        }
        pages += count;
        return true;
    }

    void givePages(long count) {
        countPages(-count);
    }

    private void takeInode() throws SQLException {
        if (!tree.inodes.tryTake(1)) {
            reclaim();
            tree.inodes.take(1);
        }
        inodes++;
    }

    /// Frees at once what was to be freed in steps.
    private void reclaim() throws SQLException {
        for (var orphan : tree.orphans) {
            if (reclaimed.contains(orphan)) continue;
            free(orphan);
            reclaimed.add(orphan);
        }
    }

    /// An inode that nobody can reach, with content that is still to be freed.
    ///
    /// @param pages that the quota gets back
    record Orphan(long inode, long pages) {}

    /// Frees a part of an orphan's content.
    ///
    /// @param most pieces
    /// @return whether it is no more
    boolean freeSome(Orphan orphan, int most) throws SQLException {
        long number = session.number(-1, Sql.SOME_CHUNK, orphan.inode(), most);
        if (number < 0) {
            free(orphan);
            reclaimed.add(orphan);
            return true;
        }
        freeChunks(orphan.inode(), 0, number);
        return false;
    }

    /// @throws podium.syscall.ErrnoException `ENOENT`: the directory is no more
    static void checkThere(Status directory) {
        if (directory.links == 0) throw Errno.ENOENT.exception();
    }
}
