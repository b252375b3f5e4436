package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import podium.vfs.CheckReport;
import podium.vfs.sqlite.SnapshotList.Taken;

/// Makes each snapshot a tree that makes sense, as [Settlement] does with that of now. What is
/// different afterwards is that snapshot's alone.
final class PastRepair {

    /// Numbers of inodes are not used twice.
    private static final String NUMBERS =
            "(SELECT max(seq) FROM main.sqlite_sequence WHERE name = 'inode')";

    private final Session session;
    private final CheckReport report;
    private final long last;

    /// @param last the number of the last snapshot, or 0
    PastRepair(Session session, CheckReport report, long last) {
        this.session = session;
        this.report = report;
        this.last = last;
    }

    void run() throws SQLException {
        for (var rule : PastRule.all()) mend(rule);
        if (last > 0) mendNow();
        for (var id : snapshots()) mend(id);
        for (var rule : PastRule.all()) mend(rule);
    }

    /// What is done to the tree of now changes no snapshot: rows that both have are kept.
    private void mendNow() throws SQLException {
        long id = Long.MAX_VALUE;
        try (var _ = SnapshotTree.show(session, new Taken(id, "", 0, 0, 0))) {
            settle("");
            for (var table : Table.values()) {
                findDifferent(table, id);
                session.execute(
                        "INSERT OR IGNORE INTO %1$s (%2$s, since, until) SELECT %2$s, since, ?1"
                                        .formatted(table.past(), table.list())
                                + " FROM main.%s WHERE since < ?1 AND %s"
                                        .formatted(table.title(), different(table)),
                        last);
                session.execute(
                        "DELETE FROM main.%s WHERE %s".formatted(table.title(), different(table)));
                session.execute(
                        ("INSERT INTO main.%1$s (%2$s, since) SELECT %2$s, ?1"
                                        + " FROM temp.%1$s WHERE %3$s")
                                .formatted(table.title(), table.list(), different(table)),
                        last);
            }
        }
    }

    private void mend(PastRule rule) throws SQLException {
        if (session.ask(rule.query()).equals("0")) return;
        for (var statement : rule.repair().split(";")) session.execute(statement);
    }

    private List<Taken> snapshots() throws SQLException {
        var all = new ArrayList<Taken>();
        session.each(
                row -> {
                    var one = SnapshotList.of(row);
                    return one.name().isEmpty() || all.add(one);
                },
                Sql.SNAPSHOTS);
        return all;
    }

    private void mend(Taken taken) throws SQLException {
        var whose = "snapshot " + taken.name() + ": ";
        try (var tree = SnapshotTree.show(session, taken)) {
            if (tree.isDoubled() || !holds()) {
                settle(whose);
                for (var table : Table.values()) writeBack(table, taken.id());
            }
            count(taken);
        }
    }

    /// Makes the rules hold for the tree that is shown.
    private void settle(String whose) throws SQLException {
        session.execute("UPDATE temp.sqlite_sequence SET seq = " + NUMBERS);
        new Settlement(session, report, whose, 0).run(Rule.OF_TREES);
        session.execute(
                "UPDATE main.sqlite_sequence SET seq = max(seq, (SELECT max(seq)"
                        + " FROM temp.sqlite_sequence)) WHERE name = 'inode'");
    }

    private boolean holds() throws SQLException {
        for (var rule : Rule.OF_TREES) if (!rule.holds(session)) return false;
        return true;
    }

    private void count(Taken taken) throws SQLException {
        var named = Totals.named(session);
        var now = new Taken(taken.id(), taken.name(), taken.time(), named.inodes(), named.pages());
        session.execute(
                "UPDATE snapshot SET inodes = ?, pages = ?, crc = ? WHERE id = ?",
                now.inodes(),
                now.pages(),
                now.checksum(),
                now.id());
    }

    /// Makes the rows that are not those which are shown any more the snapshot's own.
    private void writeBack(Table table, long id) throws SQLException {
        findDifferent(table, id);
        carve(table, id, different(table));
        session.execute(
                ("INSERT INTO %1$s (%2$s, since, until) SELECT %2$s, ?1 - 1, ?1"
                                + " FROM temp.%3$s WHERE %4$s")
                        .formatted(table.past(), table.list(), table.title(), different(table)),
                id);
    }

    /// Finds the keys of rows of a tree that are other than shown, or are there twice.
    private void findDifferent(Table table, long id) throws SQLException {
        var shown = "SELECT %s FROM temp.%s".formatted(table.list(), table.title());
        var kept = table.at(id, "true");
        session.execute("DROP TABLE IF EXISTS temp.different");
        session.execute(
                "CREATE TEMP TABLE different AS SELECT %1$s FROM (SELECT * FROM (%2$s) EXCEPT %3$s)"
                                .formatted(table.keys(), kept, shown)
                        + " UNION SELECT %1$s FROM (%3$s EXCEPT SELECT * FROM (%2$s))"
                                .formatted(table.keys(), kept, shown)
                        + " UNION SELECT %1$s FROM (%2$s) GROUP BY %1$s HAVING count(*) > 1"
                                .formatted(table.keys(), kept));
    }

    private static String different(Table table) {
        return "(%s) IN (SELECT * FROM temp.different)".formatted(table.keys());
    }

    /// Takes rows from a snapshot; others that have them keep them.
    private void carve(Table table, long id, String bad) throws SQLException {
        var past = table.past();
        var has = "since < ?1 AND until >= ?1 AND " + bad;
        var before = "(SELECT max(id) FROM snapshot WHERE id < ?1)";
        for (var from :
                List.of(
                        "main." + table.title() + " WHERE since < ?1 AND " + bad,
                        past + " WHERE " + has))
            session.execute(
                    ("INSERT OR IGNORE INTO %1$s (%2$s, since, until)"
                                    + " SELECT %2$s, since, %3$s FROM %4$s AND since < %3$s")
                            .formatted(past, table.list(), before, from),
                    id);
        session.execute(
                "UPDATE main.%s SET since = ?1 WHERE since < ?1 AND %s"
                        .formatted(table.title(), bad),
                id);
        session.execute(
                "UPDATE %s SET since = ?1 WHERE %s AND EXISTS".formatted(past, has)
                        + " (SELECT * FROM snapshot s WHERE s.id > ?1 AND s.id <= until)",
                id);
        session.execute("DELETE FROM %s WHERE %s".formatted(past, has), id);
    }
}
