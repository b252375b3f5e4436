package podium.vfs.backend;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// What goes wrong with what a tree is kept in: tells it, each once, and says what a guest gets.
/// Thread-safe.
public final class FaultLog {

    private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);

    /// Inodes that cannot be read are told of, but not without end.
    private static final int MOST_TOLD = 1000;

    private final String name;
    private final Set<Long> told = ConcurrentHashMap.newKeySet();
    private volatile boolean failed;

    /// @param name of what it is about, such as "store /srv/data"
    public FaultLog(String name) {
        this.name = name;
    }

    /// Whether nothing is written any more.
    public boolean isFailed() {
        return failed;
    }

    /// The host does not do what it should: nobody knows what is durable, so nothing is written any
    /// more (a sync that fails must not succeed when asked again).
    ///
    /// @return `EIO`
    public ErrnoException fail(String reason) {
        if (!failed)
            LOG.error(
                    "{}: cannot write: {}; changes are refused until it is mounted again",
                    name,
                    reason);
        failed = true;
        return Errno.EIO.exception();
    }

    /// An inode cannot be read.
    ///
    /// @return `EIO`
    public ErrnoException unreadable(long inode, String reason) {
        if (told.size() < MOST_TOLD && told.add(inode))
            LOG.error(
                    "{}: inode {} cannot be read: {}; podium fs check tells what is damaged",
                    name,
                    inode,
                    reason);
        return Errno.EIO.exception();
    }
}
