package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import podium.vfs.sqlite.SnapshotList.Taken;

/// Makes a tree what a snapshot has: what changed since is kept for the snapshots that have it, or
/// freed; what it replaced comes back. Content is shared with the snapshot.
final class Restore {

    /// Inodes that live on as they are, without a name.
    private static final String STAYS =
            "CREATE TEMP TABLE IF NOT EXISTS stays (id INTEGER PRIMARY KEY)";

    /// The last cookies of directories that changed.
    private static final String PLACES =
            "CREATE TEMP TABLE IF NOT EXISTS places (id INTEGER PRIMARY KEY, last INTEGER)";

    private final Change change;
    private final Session session;
    private final Tree tree;
    private final Taken then;
    private final long last;

    Restore(Change change, Tree tree, Taken then) {
        this.change = change;
        session = change.session;
        this.tree = tree;
        this.then = then;
        last = change.last();
    }

    /// @return files that have lost their names while they are open
    List<SqliteRegular> run() throws SQLException {
        session.execute(STAYS);
        session.execute("DELETE FROM stays");
        session.execute(
                "INSERT INTO stays SELECT id FROM inode WHERE links = 0 AND id NOT IN (%s)"
                        .formatted(ids()));
        var left = leaveOpen();
        back(Table.ENTRY, "true");
        back(Table.CHUNK, "inode NOT IN stays");
        back(Table.RESERVED, "inode NOT IN stays");
        session.execute(PLACES);
        session.execute("DELETE FROM places");
        session.execute(
                "INSERT INTO places SELECT id, cookie FROM inode WHERE mode >> 12 = 4"
                        + " AND links > 0 AND since >= ?",
                then.id());
        back(Table.INODE, "id NOT IN stays");
        goOn();
        change.atLast(_ -> load());
        for (var orphan : tree.orphans) if (!stays(orphan.inode())) change.revived(orphan);
        var total = Totals.all(session);
        change.countPages(total.pages() - tree.pages.used());
        change.countInodes(total.inodes() - tree.inodes.used());
        change.whenDone(() -> tree.setNamed(new Totals(then.inodes(), then.pages())));
        return left;
    }

    /// What the snapshot has of inodes that are not as they were.
    private String ids() {
        return "SELECT id FROM past_inode WHERE since < %1$d AND until >= %1$d"
                .formatted(then.id());
    }

    /// Takes the names of files that are open, and that the snapshot does not have.
    private List<SqliteRegular> leaveOpen() throws SQLException {
        var left = new ArrayList<SqliteRegular>();
        for (var node : tree.cache.all()) {
            if (!(node instanceof SqliteRegular file) || !file.isOpen()) continue;
            if (file.isGone() || file.status().links == 0 || isThen(file.inode)) continue;
            session.execute("INSERT INTO stays VALUES (?)", file.inode);
            var status = change.edit(file);
            status.links = 0;
            status.changed = Tree.now();
            left.add(file);
        }
        return left;
    }

    private boolean isThen(long inode) throws SQLException {
        return session.one(_ -> true, Sql.THEN_INODE, inode, then.id()) != null;
    }

    private boolean stays(long inode) throws SQLException {
        return !session.ask("SELECT id FROM stays WHERE id = " + inode).isEmpty();
    }

    /// @param which rows may be other than the snapshot has them
    private void back(Table table, String which) throws SQLException {
        var changed = "since >= %d AND %s".formatted(then.id(), which);
        session.execute(table.keep(changed), last);
        if (table == Table.CHUNK)
            session.execute(
                    "DELETE FROM piece WHERE id IN (SELECT piece FROM chunk c WHERE %s AND NOT %s)"
                            .formatted(changed, Sql.IS_KEPT));
        session.execute("DELETE FROM %s WHERE %s".formatted(table.title(), changed));
        session.execute(
                "INSERT INTO %s (%s, since) SELECT %s, ?1 FROM %s WHERE since < ?2 AND until >= ?2"
                        .formatted(table.title(), table.list(), table.list(), table.past()),
                last,
                then.id());
    }

    /// Cookies are not given twice, as somebody may be in the middle of a listing.
    private void goOn() throws SQLException {
        var rows = new ArrayList<Object[]>();
        session.each(
                row -> {
                    var status = Status.of(row);
                    status.cookie = row.getLong("last");
                    long crc = status.checksum(row.getLong("accessed"));
                    return rows.add(new Object[] {status.cookie, crc, row.getLong("id")});
                },
                "SELECT i.*, p.last FROM places p JOIN inode i ON i.id = p.id"
                        + " WHERE p.last > i.cookie");
        for (var row : rows)
            session.execute("UPDATE inode SET cookie = ?, crc = ? WHERE id = ?", row);
    }

    private boolean load() throws SQLException {
        for (var node : tree.cache.all()) load(node);
        return true;
    }

    /// Who holds an inode goes on with what the snapshot has of it.
    private void load(SqliteNode node) throws SQLException {
        if (change.of(node).links == 0 && stays(node.inode)) return;
        var row =
                session.one(
                        r -> new Row(Status.of(r), r.getLong("accessed")), Sql.INODE, node.inode);
        if (row == null) change.ended(node);
        else change.replaced(node, row.status, row.accessed);
    }

    private record Row(Status status, long accessed) {}
}
