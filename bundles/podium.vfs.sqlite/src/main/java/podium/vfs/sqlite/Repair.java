package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import podium.vfs.CheckReport;

/// Makes a database that is damaged one that makes sense. What was there is kept, in files
/// beside it.
final class Repair {

    private static final String LOST = "lost+found";

    /// A size that cannot be is that of the content.
    private static final String LOCK =
            """
            UPDATE inode SET mode = (mode & 0xf000) | CASE mode >> 12 WHEN 4 THEN 448 ELSE 384 END,
              uid = 0, gid = 0, extended = NULL, pages = 0, reserves = 0, cookie = 0,
              accessed = max(accessed, 0), modified = max(modified, 0), changed = max(changed, 0),
              born = max(born, 0),
              size = coalesce((SELECT CASE WHEN inode.size BETWEEN number * 16384 + length(data)
                                                AND (number + 1) * 16384
                                           THEN inode.size ELSE number * 16384 + length(data) END
                 FROM chunk WHERE chunk.inode = inode.id ORDER BY number DESC LIMIT 1), 0)
            WHERE id = ?
            """;

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
        dropNames(session);
        lockInodes(session);
        forgetExtended(session);
        for (var rule : Rule.values())
            switch (rule) {
                case REACHED -> findDirectories(session);
                case NAMED -> findInodes(session);
                case PROMISES_OF_NOTHING -> forgetPromises(session, rule);
                case NUMBERS -> count(session, rule);
                case SYNCED -> countSyncs(session, rule);
                default -> session.execute(rule.repair);
            }
        for (var table : List.of(Table.INODE, Table.ENTRY, Table.RESERVED)) table.seal(session);
    }

    /// What is not what was written reads as zeros.
    private static void cutDamage(Session session) throws SQLException {
        var bad = new ArrayList<long[]>();
        session.each(
                row -> {
                    long inode = row.getLong("inode");
                    long number = row.getLong("number");
                    try {
                        Chunk.of(row, inode, number);
                    } catch (DamageException e) {
                        bad.add(new long[] {inode, number});
                    }
                    return true;
                },
                "SELECT inode, number, held, crc, data FROM chunk");
        for (var chunk : bad) session.run(Sql.FREE_CHUNKS, chunk[0], chunk[1], chunk[1]);
    }

    /// Where a damaged name led, nobody knows: what has lost its name by that gets another one.
    private static void dropNames(Session session) throws SQLException {
        for (var key : Table.ENTRY.damaged(session))
            session.execute("DELETE FROM entry WHERE " + Table.ENTRY.isKey(), key);
    }

    /// Of an inode whose attributes are damaged, content and type are kept, and root alone may use
    /// it. Links and devices are nothing but what is damaged.
    private static void lockInodes(Session session) throws SQLException {
        for (var key : Table.INODE.damaged(session)) {
            session.execute("DELETE FROM inode WHERE mode >> 12 IN (2, 6, 10) AND id = ?", key);
            session.execute(LOCK, key);
        }
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
                "INSERT OR REPLACE INTO entry (directory, name, cookie, inode, crc) SELECT %d,"
                                .formatted(directory)
                        + " CAST('%s' AS BLOB), coalesce(max(cookie), 0) + 1, %d, 0"
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
                session.number(
                        0, Sql.ADD_INODE, 0040700, 0, 0, 2, 0, 0, now, now, now, now, null, 0);
        enter(session, Schema.ROOT, LOST, fresh);
        return fresh;
    }

    /// Promises are worth little: where one makes no sense, all are taken back.
    private static void forgetPromises(Session session, Rule rule) throws SQLException {
        if (holds(session, rule)) return;
        session.execute(rule.repair);
        session.execute("UPDATE inode SET reserves = 0");
    }

    private static boolean holds(Session session, Rule rule) throws SQLException {
        return session.ask("SELECT count(*) FROM (" + rule.query + ")").equals("0");
    }

    private static void count(Session session, Rule rule) throws SQLException {
        if (holds(session, rule)) return;
        session.execute("DELETE FROM sqlite_sequence");
        session.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT 'inode', max(id) FROM inode");
    }

    private static void countSyncs(Session session, Rule rule) throws SQLException {
        if (holds(session, rule)) return;
        session.execute("DELETE FROM synced");
        session.execute("INSERT INTO synced (times) VALUES (0)");
    }
}
