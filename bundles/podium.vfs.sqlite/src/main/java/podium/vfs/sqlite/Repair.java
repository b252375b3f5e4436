package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import podium.vfs.CheckReport;

/// Makes a database that is damaged one that makes sense. What was there is kept, in files
/// beside it.
final class Repair {

    private static final String LOST = "lost+found";

    private final LockedFile file;
    private final CheckReport report;

    Repair(LockedFile file, CheckReport report) {
        this.file = file;
        this.report = report;
    }

    void run() throws IOException {
        keep();
        try {
            if (!isSound()) new Salvage(file, report).run();
            try (var session = file.write()) {
                session.execute("BEGIN IMMEDIATE");
                settle(session);
                session.execute("COMMIT");
                session.ask("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /// Copies the file, and its log, before anything is changed.
    private void keep() throws IOException {
        for (var suffix : new String[] {"", "-wal"}) {
            var from = LockedFile.beside(file.path(), suffix);
            if (!Files.exists(from)) continue;
            var to = LockedFile.beside(file.path(), ".damaged" + suffix);
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            report.note("what was there is kept in " + to);
        }
    }

    /// Whether SQLite can use it, if need be after it has made its indexes again.
    private boolean isSound() {
        try (var session = file.write()) {
            session.execute("PRAGMA synchronous = FULL");
            if (isSound(session)) return true;
            session.execute("REINDEX");
            return isSound(session);
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    private static boolean isSound(Session session) throws SQLException, IOException {
        if (!session.ask("PRAGMA integrity_check(1)").equals("ok")) return false;
        Schema.check(session);
        return true;
    }

    private void settle(Session session) throws SQLException {
        cutDamage(session);
        forgetExtended(session);
        for (var rule : Rule.values())
            switch (rule) {
                case REACHED -> findDirectories(session);
                case NAMED -> findInodes(session);
                case PROMISES_OF_NOTHING -> forgetPromises(session, rule);
                default -> session.execute(rule.repair);
            }
    }

    /// What is not what was written reads as zeros.
    private static void cutDamage(Session session) throws SQLException {
        var bad = new ArrayList<long[]>();
        session.each(
                row -> {
                    try {
                        Chunk.of(row);
                    } catch (DamageException e) {
                        bad.add(new long[] {row.getLong("inode"), row.getLong("number")});
                    }
                    return true;
                },
                "SELECT inode, number, held, crc, data FROM chunk");
        for (var chunk : bad) session.run(Sql.FREE_CHUNKS, chunk[0], chunk[1], chunk[1]);
    }

    /// Extended attributes that make no sense go, all of an inode.
    private static void forgetExtended(Session session) throws SQLException {
        for (long inode : Check.damagedExtended(session).keySet())
            session.execute("UPDATE inode SET extended = NULL WHERE id = " + inode);
    }

    /// Directories that nobody reaches get a name, one at a time: others may be below.
    private void findDirectories(Session session) throws SQLException {
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
            find(session, top);
        }
    }

    private void findInodes(Session session) throws SQLException {
        var lost = new ArrayList<Long>();
        session.each(row -> lost.add(row.getLong(1)), Rule.NAMED.query);
        for (long inode : lost) find(session, inode);
    }

    private void find(Session session, long inode) throws SQLException {
        long directory = lostAndFound(session);
        report.note("inode %d is now /%s/#%d".formatted(inode, LOST, inode));
        enter(session, directory, "#" + inode, inode);
    }

    private static void enter(Session session, long directory, String name, long inode)
            throws SQLException {
        session.execute(
                "INSERT OR REPLACE INTO entry (directory, name, cookie, inode) SELECT %d,"
                                .formatted(directory)
                        + " CAST('%s' AS BLOB), coalesce(max(cookie), 0) + 1, %d"
                                .formatted(name, inode)
                        + " FROM entry WHERE directory = %d".formatted(directory));
    }

    private static long lostAndFound(Session session) throws SQLException {
        var known =
                "SELECT coalesce(max(e.inode), 0) FROM entry e JOIN inode i ON i.id = e.inode"
                        + " WHERE e.directory = 1 AND e.name = CAST('%s' AS BLOB)".formatted(LOST)
                        + " AND i.mode >> 12 = 4";
        long directory = Long.parseLong(session.ask(known));
        if (directory != 0) return directory;
        long now = Tree.now();
        long fresh =
                session.number(0, Sql.ADD_INODE, 0040700, 0, 0, 2, 0, 0, now, now, now, now, null);
        enter(session, Schema.ROOT, LOST, fresh);
        return fresh;
    }

    /// Promises are worth little: where one makes no sense, all are taken back.
    private static void forgetPromises(Session session, Rule rule) throws SQLException {
        if (session.ask("SELECT count(*) FROM (" + rule.query + ")").equals("0")) return;
        session.execute(rule.repair);
        session.execute("UPDATE inode SET reserves = 0");
    }
}
