package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// What goes wrong with the database: tells it, and says what a guest gets. Thread-safe.
final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    /// Inodes that cannot be read are told of, but not without end.
    private static final int MOST_TOLD = 1000;

    private static final int IO = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int NO_DATABASE = 26;

    private final String name;
    private final Set<Long> told = ConcurrentHashMap.newKeySet();
    private volatile boolean failed;

    /// @param name of the file
    Faults(String name) {
        this.name = name;
    }

    /// Whether nothing is written any more.
    boolean isFailed() {
        return failed;
    }

    static boolean isFull(SQLException e) {
        return code(e) == FULL;
    }

    static boolean isDamage(SQLException e) {
        return e instanceof DamageException || code(e) == CORRUPT || code(e) == NO_DATABASE;
    }

    /// The primary result code, of which extended ones have more bits.
    private static int code(SQLException e) {
        return e.getErrorCode() & 0xff;
    }

    /// Why a change was not made.
    ErrnoException unchanged(SQLException e) {
        if (isFull(e)) return Errno.ENOSPC.exception();
        if (isDamage(e)) return unreadable(e, 0);
        return fail(e);
    }

    /// The host does not do what it should: nobody knows what is durable, so nothing is written any
    /// more (a sync that fails must not succeed when asked again).
    ErrnoException fail(SQLException e) {
        if (!failed)
            LOG.error(
                    "database {}: cannot write: {}; changes are refused until it is mounted again",
                    name,
                    line(e));
        failed = true;
        return Errno.EIO.exception();
    }

    /// Why an inode cannot be read.
    ///
    /// @param inode or 0
    ErrnoException unreadable(SQLException e, long inode) {
        if (told.size() < MOST_TOLD && told.add(inode))
            LOG.error(
                    "database {}: {} cannot be read: {}; a check tells what is damaged",
                    name,
                    inode == 0 ? "something" : "inode " + inode,
                    line(e));
        return Errno.EIO.exception();
    }

    /// An error's message, in one line.
    static String line(SQLException e) {
        var text = String.valueOf(e.getMessage());
        return code(e) == IO ? "I/O error (" + text + ")" : text.lines().findFirst().orElse("");
    }
}
