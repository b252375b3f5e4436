package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import podium.vfs.CheckReport;
import podium.vfs.Mode;

/// Makes the rules hold for a tree, that of now or one that [SnapshotTree] shows.
final class Settlement {

    private static final String LOST = "lost+found";

    private final Session session;
    private final CheckReport report;
    private final String whose;
    private final long last;

    /// @param whose tree it is, for people
    /// @param last the number of the last snapshot that does not have it
    Settlement(Session session, CheckReport report, String whose, long last) {
        this.session = session;
        this.report = report;
        this.whose = whose;
        this.last = last;
    }

    void run(Collection<Rule> rules) throws SQLException {
        for (var rule : rules)
            switch (rule) {
                case REACHED -> findDirectories();
                case NAMED -> findInodes();
                case PROMISES_OF_NOTHING -> forgetPromises(rule);
                case NUMBERS -> count(rule);
                case SYNCED -> countSyncs(rule);
                default -> session.execute(rule.repair);
            }
        for (var table : Table.SEALED) table.seal(session, false);
    }

    /// Directories that nobody reaches get a name, one at a time: others may be below.
    private void findDirectories() throws SQLException {
        for (; ; ) {
            var lost = new ArrayList<Long>();
            session.each(row -> lost.add(row.getLong(1)), Rule.REACHED.query);
            if (lost.isEmpty()) return;
            // The top of a tree has no name; in a circle all have one, and any will do.
            long top = lost.getFirst();
            for (long one : lost)
                if (session.ask("SELECT count(*) FROM entry WHERE inode = " + one).equals("0")) {
                    top = one;
                    break;
                }
            session.execute("DELETE FROM entry WHERE inode = " + top);
            find(top);
        }
    }

    private void findInodes() throws SQLException {
        var lost = new ArrayList<Long>();
        session.each(row -> lost.add(row.getLong(1)), Rule.NAMED.query);
        for (long inode : lost) find(inode);
    }

    private void find(long inode) throws SQLException {
        long directory = lostAndFound();
        report.note("%sinode %d is now /%s/#%d".formatted(whose, inode, LOST, inode));
        enter(directory, "#" + inode, inode);
    }

    private void enter(long directory, String name, long inode) throws SQLException {
        session.execute(
                "INSERT OR REPLACE INTO entry (directory, name, cookie, inode, crc, since)"
                        + " SELECT %d,".formatted(directory)
                        + " CAST('%s' AS BLOB), coalesce(max(cookie), 0) + 1, %d, 0, %d"
                                .formatted(name, inode, last)
                        + " FROM entry WHERE directory = %d".formatted(directory));
    }

    private long lostAndFound() throws SQLException {
        var known =
                "SELECT coalesce(max(e.inode), 0) FROM entry e JOIN inode i ON i.id = e.inode"
                        + " WHERE e.directory = 1 AND e.name = CAST('%s' AS BLOB)".formatted(LOST)
                        + " AND i.mode >> 12 = 4";
        long directory = Long.parseLong(session.ask(known));
        if (directory != 0) return directory;
        long fresh = Status.of(Mode.DIRECTORY | 0700, 0, 0, Tree.now()).add(session, last);
        enter(Schema.ROOT, LOST, fresh);
        return fresh;
    }

    /// Promises are worth little: where one makes no sense, all are taken back.
    private void forgetPromises(Rule rule) throws SQLException {
        if (rule.holds(session)) return;
        session.execute(rule.repair);
        session.execute("UPDATE inode SET reserves = 0");
    }

    private void count(Rule rule) throws SQLException {
        if (rule.holds(session)) return;
        session.execute("DELETE FROM sqlite_sequence WHERE name != 'snapshot'");
        session.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT 'inode', max(id)"
                        + " FROM (SELECT id FROM inode UNION ALL SELECT id FROM past_inode)");
    }

    private void countSyncs(Rule rule) throws SQLException {
        if (rule.holds(session)) return;
        session.execute("DELETE FROM synced");
        session.execute("INSERT INTO synced (times) VALUES (0)");
    }
}
