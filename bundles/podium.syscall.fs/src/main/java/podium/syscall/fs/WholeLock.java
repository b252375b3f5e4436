package podium.syscall.fs;

import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.vfs.FileLocks.Kind;
import podium.vfs.FileLocks.Lock;
import podium.vfs.FileLocks.Type;

/// flock(2).
final class WholeLock {

    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;

    private WholeLock() {}

    static int flock(Task task, OpenFile file, int operation) {
        var locks = file.locks();
        if ((file.flags() & OpenFile.O_PATH) != 0) return Errno.EBADF.negated();
        var type =
                switch (operation & ~LOCK_NB) {
                    case LOCK_SH -> Type.READ;
                    case LOCK_EX -> Type.WRITE;
                    case LOCK_UN -> Type.UNLOCK;
                    default -> throw Errno.EINVAL.exception();
                };
        if (locks == null) return Errno.EOPNOTSUPP.negated();
        var lock = new Lock(Kind.WHOLE, type, file, -1, 0, Long.MAX_VALUE);
        if (locks.set(lock)) return 0;
        if ((operation & LOCK_NB) != 0) return Errno.EAGAIN.negated();
        return task.block(locks.freed(lock), Pollable.IN);
    }
}
