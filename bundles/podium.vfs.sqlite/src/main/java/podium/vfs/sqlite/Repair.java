package podium.vfs.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import podium.vfs.CheckReport;

/// Makes a database that is damaged one that makes sense. What was there is kept, in files
/// beside it.
final class Repair {

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
        forgetExtended(session);
        new DamagedRows(session).run();
        long last = Long.parseLong(session.ask("SELECT coalesce(max(id), 0) FROM snapshot"));
        var settlement = new Settlement(session, report, "", last);
        settlement.run(List.of(Rule.TYPES, Rule.NUMBERS, Rule.SYNCED));
        if (last == 0) settlement.run(Rule.OF_TREES);
        new PastRepair(session, report, last).run();
    }

    /// Extended attributes that make no sense go, all of an inode.
    private static void forgetExtended(Session session) throws SQLException {
        for (long inode : Check.damagedExtended(session).keySet())
            session.execute("UPDATE inode SET extended = NULL WHERE id = " + inode);
    }
}
