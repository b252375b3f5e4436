package podium.vfs.store;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// What goes wrong on the disk: tells it, and says what a guest gets. Thread-safe.
final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    /// Inodes that cannot be read are told of, but not without end.
    private static final int MOST_TOLD = 1000;

    private final String name;
    private final Set<Long> told = ConcurrentHashMap.newKeySet();
    private volatile boolean failed;

    /// @param name of the disk
    Faults(String name) {
        this.name = name;
    }

    /// Whether nothing is written any more.
    boolean isFailed() {
        return failed;
    }

    /// The disk does not do what it should: nobody knows what of it is durable, so nothing is
    /// written any more (a sync that fails must not succeed when asked again).
    ErrnoException fail(IOException e) {
        if (!failed)
            LOG.error(
                    "store {}: cannot write: {}; changes are refused until it is mounted again",
                    name,
                    e.toString());
        failed = true;
        return Errno.EIO.exception();
    }

    /// Why a file cannot be changed.
    ErrnoException unwritable(IOException e, @Nullable StoreNode node) {
        if (e instanceof NoSpaceException) return Errno.ENOSPC.exception();
        return node != null && e instanceof DamageException ? unreadable(e, node) : fail(e);
    }

    /// Why a file cannot be read.
    ErrnoException unreadable(IOException e, StoreNode node) {
        if (told.size() < MOST_TOLD && told.add(node.inode))
            LOG.error(
                    "store {}: inode {} cannot be read: {}; a check tells which files are damaged",
                    name,
                    node.inode,
                    e.getMessage());
        return Errno.EIO.exception();
    }
}
