package podium.vfs.sqlite;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;
import podium.syscall.LinuxString;
import podium.vfs.CheckReport;
import podium.vfs.CheckResult;
import podium.vfs.sqlite.SnapshotList.Taken;

/// Looks whether a database that nobody has mounted is what was written, every byte of it; and
/// brings one that is not to a state that makes sense.
final class Check {

    private static final int MOST_LINES = 100;
    private static final int DEEPEST = 1000;

    private static final String CONTENT =
            "SELECT c.inode, c.number, c.held, c.crc, p.data FROM chunk c"
                    + " LEFT JOIN piece p ON p.id = c.piece ORDER BY c.inode, c.number";

    /// What snapshots alone have.
    private static final String CONTENT_THEN =
            "SELECT c.inode, c.number, c.held, c.crc, p.data FROM past_chunk c"
                    + " LEFT JOIN piece p ON p.id = c.piece WHERE NOT EXISTS (SELECT * FROM chunk n"
                    + " WHERE n.inode = c.inode AND n.number = c.number AND n.piece = c.piece"
                    + " AND n.held = c.held AND n.crc = c.crc) ORDER BY c.inode, c.number, c.until";

    private static final String EXTENDED = "SELECT id, extended FROM inode WHERE extended NOT NULL";

    private final CheckReport report;
    private int problems;

    /// Whether nobody wants to know any more.
    private boolean stopped;

    private Check(CheckReport report) {
        this.report = report;
    }

    /// @throws IOException in one line: it cannot be read, is in use, is not ours, or nothing can
    ///     be saved; what was there still is
    static CheckResult run(Path path, boolean repair, CheckReport report) throws IOException {
        try (var file = LockedFile.open(path.toAbsolutePath())) {
            if (file.isEmpty()) throw new IOException("it is empty");
            int problems = repair && isDamagedWhenOld(file, report) ? 1 : look(file, report);
            if (problems == 0 || !repair) return new CheckResult(problems, false);
            new Repair(file, report).run();
            int left = look(file, report);
            report.note(left == 0 ? "repaired" : "not all of it could be repaired");
            return new CheckResult(problems, left == 0);
        }
    }

    /// Brings an older version to this one.
    ///
    /// @return whether it could not be, since it is damaged
    private static boolean isDamagedWhenOld(LockedFile file, CheckReport report)
            throws IOException {
        try {
            if (Rewrite.ifOld(file)) report.note("it is of version " + Schema.VERSION + " now");
            return false;
        } catch (SQLException e) {
            if (!Faults.isDamage(e)) throw Database.failure(e);
            report.problem(Faults.line(e));
            return true;
        }
    }

    private static int look(LockedFile file, CheckReport report) throws IOException {
        var check = new Check(report);
        try (var session = file.read()) {
            check.examine(session);
        } catch (SQLException e) {
            check.unreadable(e);
        }
        return check.problems;
    }

    private void unreadable(SQLException e) throws IOException {
        if (!Faults.isDamage(e)) throw Database.failure(e);
        problem(Faults.line(e));
    }

    private void problem(String line) {
        problems++;
        if (problems <= MOST_LINES) report.problem(line);
        if (problems == MOST_LINES) report.problem("and more");
    }

    private void examine(Session session) throws SQLException, IOException {
        session.each(
                row -> {
                    var line = String.valueOf(row.getString(1));
                    if (!line.equals("ok")) line.lines().forEach(this::problem);
                    return true;
                },
                "PRAGMA integrity_check(" + MOST_LINES + ")");
        if (problems > 0) return; // what is in the tables would only be told wrong
        Schema.check(session);
        rules(session, "");
        for (var rule : Rule.OF_ALL) rule(session, rule, "");
        for (var table : Table.SEALED) rows(session, table);
        extended(session);
        for (var rule : PastRule.all()) {
            var count = session.ask(rule.query());
            if (!count.equals("0")) problem(rule.text().formatted(count));
        }
        for (var taken : SnapshotList.rows(session)) {
            if (!report.progress(0, 0, 0)) throw new InterruptedIOException("interrupted");
            if (!taken.name().isEmpty()) tree(session, taken);
        }
        content(session);
    }

    private void rules(Session session, String whose) throws SQLException {
        for (var rule : Rule.OF_TREES) rule(session, rule, whose);
    }

    private void rule(Session session, Rule rule, String whose) throws SQLException {
        session.each(
                row -> {
                    problem(whose + rule.text.formatted(row.getObject(1)));
                    return true;
                },
                rule.query);
    }

    /// Looks whether a snapshot is a tree.
    private void tree(Session session, Taken taken) throws SQLException {
        var whose = "snapshot " + taken.name() + ": ";
        try (var tree = SnapshotTree.show(session, taken)) {
            if (tree.isDoubled()) problem(whose + "something is there twice");
            rules(session, whose);
            if (!SnapshotTree.isCounted(session, taken))
                problem(whose + "it counts its inodes wrongly");
        }
    }

    /// Tells of the rows that are not what was written.
    private void rows(Session session, Table table) throws SQLException {
        var what =
                switch (table) {
                    case INODE -> "its attributes have";
                    case ENTRY -> "a name in it has";
                    default -> "a promise of space has";
                };
        for (boolean past : new boolean[] {false, true})
            for (var key : table.damaged(session, past))
                if (key[0] instanceof Number inode)
                    problem(
                            "%s: %s a wrong checksum"
                                    .formatted(path(session, inode.longValue(), past), what));
    }

    private void extended(Session session) throws SQLException {
        for (var bad : damagedExtended(session).entrySet())
            problem(path(session, bad.getKey()) + ": " + bad.getValue());
    }

    /// By the number of an inode whose extended attributes make no sense, what is wrong.
    static SortedMap<Long, String> damagedExtended(Session session) throws SQLException {
        var bad = new TreeMap<Long, String>();
        session.each(
                row -> {
                    try {
                        Status.decode(row.getBytes(2));
                    } catch (DamageException e) {
                        bad.put(row.getLong(1), String.valueOf(e.getMessage()));
                    }
                    return true;
                },
                EXTENDED);
        return bad;
    }

    /// Reads all content.
    private void content(Session session) throws SQLException, IOException {
        long total = Totals.all(session).pages();
        long[] counts = {0, 0, -1};
        for (boolean past : new boolean[] {false, true})
            session.each(
                    row -> {
                        piece(session, row, past, counts);
                        stopped = !report.progress(counts[0], counts[1], total * Chunk.PAGE);
                        return !stopped;
                    },
                    past ? CONTENT_THEN : CONTENT);
        if (stopped) throw new InterruptedIOException("interrupted");
        report.note(
                "%s inodes, %d files with %d bytes, %d problems"
                        .formatted(
                                session.ask("SELECT count(*) FROM inode"),
                                counts[0],
                                counts[1],
                                problems));
    }

    private void piece(Session session, ResultSet row, boolean past, long[] counts)
            throws SQLException {
        long inode = row.getLong("inode");
        long number = row.getLong("number");
        if (inode != counts[2] && !past) counts[0]++;
        counts[2] = inode;
        try {
            counts[1] += Chunk.of(row, inode, number).data().length;
        } catch (DamageException e) {
            long begin = number << Chunk.BITS;
            problem(
                    "%s: bytes %d to %d are damaged"
                            .formatted(path(session, inode, past), begin, begin + Chunk.SIZE - 1));
        }
    }

    private static String path(Session session, long inode, boolean past) throws SQLException {
        return past ? "inode " + inode + " of a snapshot" : path(session, inode);
    }

    /// One of an inode's names.
    private static String path(Session session, long inode) throws SQLException {
        var path = "";
        long at = inode;
        for (int depth = 0; at != Schema.ROOT; depth++) {
            var up = session.one(row -> new Up(row.getLong(1), row.getBytes(2)), Sql.UP, at);
            if (up == null || depth > DEEPEST) return "inode " + inode;
            path = "/" + LinuxString.decode(up.name) + path;
            at = up.directory;
        }
        return path;
    }

    private record Up(long directory, byte[] name) {}
}
