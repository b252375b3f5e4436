package podium.syscall.fs;

import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.vfs.FileLocks;
import podium.vfs.FileLocks.Kind;
import podium.vfs.FileLocks.Lock;
import podium.vfs.FileLocks.Type;

/// A record lock as fcntl(2) asks for it: owned by the process, or by the open file.
record RecordLock(FileLocks locks, Lock lock) {

    private static final int F_RDLCK = 0;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;

    /// Reads a `struct flock64`: type and whence (16 bits each), pad, start, length, pid.
    ///
    /// @throws podium.syscall.ErrnoException `EBADF`, `EINVAL`, `EOVERFLOW`, `EFAULT`
    static RecordLock of(
            Task task, GuestMemory memory, OpenFile file, int address, boolean ofFile) {
        var locks = file.locks();
        if (locks == null) throw Errno.EINVAL.exception();
        long first = add(base(memory, file, address), memory.getLong(address + 8));
        long length = memory.getLong(address + 16);
        long last;
        if (length > 0) last = add(first, length - 1);
        else if (length == 0) last = Long.MAX_VALUE;
        else {
            last = first - 1;
            first += length;
        }
        if (first < 0 || last < first) throw Errno.EINVAL.exception();
        if (ofFile && memory.getInt(address + 24) != 0) throw Errno.EINVAL.exception();
        var type = type(memory.getShort(address));
        Object owner = ofFile ? file : task.files();
        int pid = ofFile ? -1 : task.process().pid();
        return new RecordLock(locks, new Lock(Kind.RECORD, type, owner, pid, first, last));
    }

    private static long base(GuestMemory memory, OpenFile file, int address) {
        return switch (memory.getShort(address + 2)) {
            case 0 -> 0;
            case 1 -> file.seek(0, 1);
            case 2 -> file.attributes().size();
            default -> throw Errno.EINVAL.exception();
        };
    }

    private static long add(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) throw Errno.EOVERFLOW.exception();
        return sum;
    }

    private static Type type(int type) {
        return switch (type) {
            case F_RDLCK -> Type.READ;
            case F_WRLCK -> Type.WRITE;
            case F_UNLCK -> Type.UNLOCK;
            default -> throw Errno.EINVAL.exception();
        };
    }

    int set(Task task, OpenFile file, boolean wait) {
        if (lock.type() == Type.READ && !file.readable()) return Errno.EBADF.negated();
        if (lock.type() == Type.WRITE && !file.writable()) return Errno.EBADF.negated();
        boolean process = lock.pid() >= 0;
        if (locks.set(lock)) {
            if (process && task.resumed()) locks.deadlock(lock, false);
            return 0;
        }
        if (!wait) return Errno.EAGAIN.negated();
        if (process && locks.deadlock(lock, true)) return Errno.EDEADLK.negated();
        return task.block(locks.freed(lock), Pollable.IN);
    }

    int test(GuestMemory memory, int address) {
        if (lock.type() == Type.UNLOCK) return Errno.EINVAL.negated();
        var other = locks.conflict(lock);
        if (other == null) {
            memory.putShort(address, (short) F_UNLCK);
            return 0;
        }
        boolean toEnd = other.last() == Long.MAX_VALUE;
        memory.putShort(address, (short) (other.type() == Type.READ ? F_RDLCK : F_WRLCK));
        memory.putShort(address + 2, (short) 0);
        memory.putLong(address + 8, other.first());
        memory.putLong(address + 16, toEnd ? 0 : other.last() - other.first() + 1);
        memory.putInt(address + 24, other.pid());
        return 0;
    }
}
