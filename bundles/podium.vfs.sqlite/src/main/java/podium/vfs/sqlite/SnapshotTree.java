package podium.vfs.sqlite;

import java.sql.SQLException;
import podium.vfs.sqlite.SnapshotList.Taken;

/// A snapshot's tree as tables of its own, which a connection finds before the database's: whatever
/// is asked, or done, of a tree, is of that one until it is closed.
final class SnapshotTree implements AutoCloseable {

    private final Session session;

    /// Whether a row was there twice.
    private boolean doubled;

    private SnapshotTree(Session session) {
        this.session = session;
    }

    static SnapshotTree show(Session session, Taken taken) throws SQLException {
        var tree = new SnapshotTree(session);
        boolean done = false;
        try {
            for (var text : Layout.temporary()) session.execute(text);
            for (var table : Table.values()) tree.fill(table, taken);
            done = true;
            return tree;
        } finally {
            if (!done) tree.close();
        }
    }

    private void fill(Table table, Taken taken) throws SQLException {
        var rows = table.at(taken.id(), "true");
        session.execute(
                "INSERT OR IGNORE INTO temp.%s (%s, since) SELECT %s, 0 FROM (%s)"
                        .formatted(table.title(), table.list(), table.list(), rows));
        var count = session.ask("SELECT count(*) FROM (" + rows + ")");
        if (!count.equals(session.ask("SELECT count(*) FROM temp." + table.title())))
            doubled = true;
    }

    /// Whether something of it is there twice.
    boolean isDoubled() {
        return doubled;
    }

    /// Whether it has what was counted when it was taken.
    static boolean isCounted(Session session, Taken taken) throws SQLException {
        return Totals.named(session).equals(new Totals(taken.inodes(), taken.pages()));
    }

    @Override
    public void close() throws SQLException {
        for (var table : Table.values())
            session.execute("DROP TABLE IF EXISTS temp." + table.title());
    }
}
