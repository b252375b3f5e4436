package podium.vfs.host;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Mode;

/// Lets this process read what belongs to its own user and has a mode that forbids it, as any guest
/// may give it one, for a while in which nobody else is there: then modes are what they were.
final class Openings implements AutoCloseable {

    private final ArrayDeque<Opening> all = new ArrayDeque<>();

    private record Opening(HostNode node, int mode) {}

    /// Does something that reads an inode.
    ///
    /// @throws ErrnoException `EACCES`: it is somebody else's
    <T> T reading(HostNode node, Supplier<T> work) {
        try {
            return work.get();
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EACCES) throw e;
            int mode = open(node, node instanceof HostDirectory ? 0500 : 0400);
            if (mode < 0) throw e;
            all.push(new Opening(node, mode));
            return work.get();
        }
    }

    /// Adds permissions to a mode.
    ///
    /// @return what it was; -1 when it had them, or is somebody else's
    static int open(HostNode node, int needed) {
        try (var at = node.reach()) {
            int mode = Linux.stat(at.number()).mode() & Mode.PERMISSIONS;
            if ((mode & needed) == needed) return -1;
            Linux.chmod(at.number(), mode | needed);
            return mode;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPERM) return -1;
            throw e;
        }
    }

    /// Sets modes back, the innermost first.
    @Override
    public void close() {
        for (var one = all.poll(); one != null; one = all.poll())
            try (var at = one.node.reach()) {
                Linux.chmod(at.number(), one.mode);
            }
    }
}
