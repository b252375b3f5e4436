package podium.vfs.sqlite;

import java.sql.SQLException;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.backend.FaultLog;

/// What a guest gets when the database fails. Thread-safe.
final class Faults {

    private static final int IO = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int TOO_BIG = 18;
    private static final int NO_DATABASE = 26;

    private final FaultLog log;

    /// @param name of the file
    Faults(String name) {
        log = new FaultLog("database " + name);
    }

    /// Whether nothing is written any more.
    boolean isFailed() {
        return log.isFailed();
    }

    static boolean isFull(SQLException e) {
        return code(e) == FULL;
    }

    static boolean isDamage(SQLException e) {
        if (e instanceof DamageException) return true;
        return switch (code(e)) {
            case CORRUPT, TOO_BIG, NO_DATABASE -> true;
            default -> false;
        };
    }

    /// The primary result code, of which extended ones have more bits.
    private static int code(SQLException e) {
        return e.getErrorCode() & 0xff;
    }

    /// Why a change was not made.
    ///
    /// @param asker the inode to name
    ErrnoException unchanged(SQLException e, long asker) {
        if (isFull(e)) return Errno.ENOSPC.exception();
        return isDamage(e) ? unreadable(e, asker) : log.fail(line(e));
    }

    /// Why something cannot be read.
    ///
    /// @param asker the inode to name
    ErrnoException unreadable(SQLException e, long asker) {
        return log.unreadable(asker, line(e));
    }

    /// An error's message, in one line.
    static String line(SQLException e) {
        var text = String.valueOf(e.getMessage());
        return code(e) == IO ? "I/O error (" + text + ")" : text.lines().findFirst().orElse("");
    }
}
