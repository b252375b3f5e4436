package podium.vfs.sqlite;

import java.io.IOException;
import java.sql.SQLException;

/// What of the host's disk is left to changes that take space, so that what is left of it suffices
/// for those that give it back. Asked for at times only. Used by who changes.
final class Room {

    /// Stays free, so that files can still be removed on a full disk.
    private static final long RESERVE = 1 << 20;

    private static final long STEP = 16 << 20;

    /// What a change takes besides its content: the pages that its rows are in.
    private static final long ROWS = 10 * Database.PAGE;

    private final Database database;
    private long promised;

    Room(Database database) {
        this.database = database;
    }

    /// @param content bytes
    /// @return false when there is too little left
    boolean take(long content) throws SQLException {
        long bytes = content + content / 8 + ROWS;
        promised -= bytes;
        if (promised >= 0) return true;
        long left = left();
        if (left < bytes) return false;
        promised = Math.min(left / 4, STEP) - bytes;
        return true;
    }

    /// Bytes that may still be taken.
    long left() throws SQLException {
        try {
            long free = database.writer().number(0, Sql.FREE_PAGES) * Database.PAGE;
            return Math.max(0, database.usable() - RESERVE) + free;
        } catch (IOException e) {
            throw new SQLException(e.toString(), e);
        }
    }
}
