package podium.vfs.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.vfs.backend.FaultLog;

/// What a guest gets when the disk fails. Thread-safe.
final class Faults {

    private final FaultLog log;

    /// @param name of the disk
    Faults(String name) {
        log = new FaultLog("store " + name);
    }

    /// Whether nothing is written any more.
    boolean isFailed() {
        return log.isFailed();
    }

    /// Nobody knows what of the disk is durable: nothing is written any more.
    ErrnoException fail(IOException e) {
        return log.fail(e.toString());
    }

    /// Why a file cannot be changed.
    ErrnoException unwritable(IOException e, @Nullable StoreNode node) {
        if (e instanceof NoSpaceException full) return full.errno().exception();
        return node != null && e instanceof DamageException ? unreadable(e, node) : fail(e);
    }

    /// Why a file cannot be read.
    ErrnoException unreadable(IOException e, StoreNode node) {
        return unreadable(e, node.inode);
    }

    ErrnoException unreadable(IOException e, long inode) {
        return log.unreadable(inode, String.valueOf(e.getMessage()));
    }
}
