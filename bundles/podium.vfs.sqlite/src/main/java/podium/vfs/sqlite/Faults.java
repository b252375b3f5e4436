package podium.vfs.sqlite;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;
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
    private final @Nullable Reserve reserve;

    /// @param name of the file
    /// @param reserve null when nothing is written
    Faults(String name, @Nullable Reserve reserve) {
        log = new FaultLog("database " + name);
        this.reserve = reserve;
    }

    /// Whether nothing is written any more.
    boolean isFailed() {
        return log.isFailed();
    }

    /// Whether the host had no space for a change, as far as SQLite tells.
    static boolean isFull(SQLException e) {
        return code(e) == FULL || isUnwritten(e);
    }

    /// Whether something was not written, for another reason than a full disk. What was begun is
    /// undone, and nothing that was committed is lost: it is in the log.
    private static boolean isUnwritten(SQLException e) {
        if (!(e instanceof SQLiteException known)) return false;
        return switch (known.getResultCode()) {
            case SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE -> true;
            default -> false;
        };
    }

    static boolean isDamage(SQLException e) {
        if (e instanceof DamageException) return true;
        return switch (code(e)) {
            case CORRUPT, TOO_BIG, NO_DATABASE -> true;
            default -> false;
        };
    }

    /// The primary result code.
    private static int code(SQLException e) {
        return e.getErrorCode() & 0xff;
    }

    /// Why a change was not made.
    ///
    /// @param asker the inode to name
    ErrnoException unchanged(SQLException e, long asker) {
        if (code(e) == FULL) return Errno.ENOSPC.exception();
        if (isUnwritten(e) && reserve != null) return unwritten(e, reserve);
        return isDamage(e) ? unreadable(e, asker) : log.fail(line(e));
    }

    private ErrnoException unwritten(SQLException e, Reserve reserve) {
        try {
            return reserve.lack().exception();
        } catch (IOException failure) {
            return log.fail(line(e) + "; " + failure.getMessage());
        }
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
