package podium.vfs.sqlite;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import podium.syscall.LinuxString;
import podium.vfs.CheckReport;
import podium.vfs.CheckResult;

/// Looks whether a database that nobody has mounted is what was written, every byte of it; and
/// brings one that is not to a state that makes sense.
final class Check {

    private static final int MOST_LINES = 100;
    private static final int DEEPEST = 1000;

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
        for (var rule : Rule.values())
            session.each(
                    row -> {
                        problem(rule.text.formatted(row.getObject(1)));
                        return true;
                    },
                    rule.query);
        for (var table : List.of(Table.INODE, Table.ENTRY, Table.RESERVED)) rows(session, table);
        extended(session);
        content(session);
    }

    /// Tells of the rows that are not what was written.
    private void rows(Session session, Table table) throws SQLException {
        for (var key : table.damaged(session))
            if (key[0] instanceof Number inode)
                problem(
                        "%s: %s a wrong checksum"
                                .formatted(
                                        path(session, inode.longValue()),
                                        switch (table) {
                                            case INODE -> "its attributes have";
                                            case ENTRY -> "a name in it has";
                                            default -> "a promise of space has";
                                        }));
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
        long total = Long.parseLong(session.ask("SELECT CAST(total(pages) AS INTEGER) FROM inode"));
        long[] counts = {0, 0, -1};
        session.each(
                row -> {
                    long inode = row.getLong("inode");
                    if (inode != counts[2]) counts[0]++;
                    counts[2] = inode;
                    try {
                        long number = row.getLong("number");
                        counts[1] += Chunk.of(row, inode, number).data().length;
                    } catch (DamageException e) {
                        long begin = row.getLong("number") << Chunk.BITS;
                        problem(
                                "%s: bytes %d to %d are damaged"
                                        .formatted(
                                                path(session, inode),
                                                begin,
                                                begin + Chunk.SIZE - 1));
                    }
                    stopped = !report.progress(counts[0], counts[1], total * Chunk.PAGE);
                    return !stopped;
                },
                "SELECT inode, number, held, crc, data FROM chunk ORDER BY inode, number");
        if (stopped) throw new InterruptedIOException("interrupted");
        report.note(
                "%s inodes, %d files with %d bytes, %d problems"
                        .formatted(
                                session.ask("SELECT count(*) FROM inode"),
                                counts[0],
                                counts[1],
                                problems));
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
