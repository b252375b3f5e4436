package podium.syscall.fs;

import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// System calls on descriptors themselves and their flags.
@Component(service = SyscallFamily.class)
public final class DescriptorSyscalls implements SyscallFamily {

    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private static final int F_DUPFD = 0;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_GETOWN = 9;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    private static final int F_GETLK64 = 12;
    private static final int F_SETLK64 = 13;
    private static final int F_SETLKW64 = 14;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_OFD_SETLKW = 38;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FD_CLOEXEC = 1;

    private static final int FIONREAD = 0x541b;
    private static final int FIONBIO = 0x5421;
    private static final int FIONCLEX = 0x5450;
    private static final int FIOCLEX = 0x5451;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int close(Task task, int fd) {
        task.files().close(fd);
        return 0;
    }

    /// close_range(2). Tables are never shared here, so that CLOSE_RANGE_UNSHARE changes nothing.
    @Export("close_range")
    public int closeRange(Task task, int first, int last, int flags) {
        Places.only(flags, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC);
        if (Integer.compareUnsigned(first, last) > 0) return Errno.EINVAL.negated();
        var files = task.files();
        for (int fd : files.open()) {
            if (Integer.compareUnsigned(fd, first) < 0) continue;
            if (Integer.compareUnsigned(fd, last) > 0) break;
            if ((flags & CLOSE_RANGE_CLOEXEC) != 0) files.setCloseOnExec(fd, true);
            else files.close(fd);
        }
        return 0;
    }

    @Export
    public int dup(Task task, int fd) {
        return task.files().add(task.files().retain(fd), false);
    }

    @Export
    public int dup3(Task task, int fd, int newFd, int flags) {
        Places.only(flags, OpenFile.O_CLOEXEC);
        if (fd == newFd) return Errno.EINVAL.negated();
        task.files().set(newFd, task.files().retain(fd), (flags & OpenFile.O_CLOEXEC) != 0);
        return newFd;
    }

    /// fcntl(2).
    @Export
    public int fcntl64(Task task, GuestMemory memory, int fd, int command, int argument) {
        var files = task.files();
        var file = files.get(fd);
        if ((file.flags() & OpenFile.O_PATH) != 0 && !allowedForPlaces(command))
            return Errno.EBADF.negated();
        return switch (command) {
            case F_DUPFD, F_DUPFD_CLOEXEC -> {
                if (argument < 0 || argument >= files.limit()) yield Errno.EINVAL.negated();
                yield files.add(files.retain(fd), argument, command == F_DUPFD_CLOEXEC);
            }
            case F_GETFD -> files.closeOnExec(fd) ? FD_CLOEXEC : 0;
            case F_SETFD -> {
                files.setCloseOnExec(fd, (argument & FD_CLOEXEC) != 0);
                yield 0;
            }
            case F_GETFL -> file.flags();
            case F_SETFL -> {
                file.setFlags(argument);
                yield 0;
            }
            // Nobody owns a file here: there are no signals for input.
            case F_GETOWN -> 0;
            case F_GETLK64, F_OFD_GETLK ->
                    RecordLock.of(task, memory, file, argument, command >= F_OFD_GETLK)
                            .test(memory, argument);
            case F_SETLK64, F_SETLKW64, F_OFD_SETLK, F_OFD_SETLKW ->
                    RecordLock.of(task, memory, file, argument, command >= F_OFD_GETLK)
                            .set(task, file, command == F_SETLKW64 || command == F_OFD_SETLKW);
            case F_GETPIPE_SZ -> file.pipeCapacity();
            // A pipe's size is what it is; asking for no more is granted, as Linux rounds up.
            case F_SETPIPE_SZ -> {
                int capacity = file.pipeCapacity();
                if (capacity < 0) yield capacity;
                yield argument >= 0 && argument <= capacity ? capacity : Errno.EPERM.negated();
            }
            default -> Errno.EINVAL.negated();
        };
    }

    private static boolean allowedForPlaces(int command) {
        return switch (command) {
            case F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL -> true;
            default -> false;
        };
    }

    @Export
    public int flock(Task task, int fd, int operation) {
        var file = task.files().get(fd);
        return WholeLock.flock(task, file, operation);
    }

    /// ioctl(2): what concerns every descriptor is done here, the rest is the file's.
    @Export
    public int ioctl(Task task, GuestMemory memory, int fd, int request, int argument) {
        var file = task.files().get(fd);
        if ((file.flags() & OpenFile.O_PATH) != 0) return Errno.EBADF.negated();
        switch (request) {
            case FIOCLEX -> task.files().setCloseOnExec(fd, true);
            case FIONCLEX -> task.files().setCloseOnExec(fd, false);
            case FIONBIO -> {
                int bit = memory.getInt(argument) != 0 ? OpenFile.O_NONBLOCK : 0;
                file.setFlags((file.flags() & ~OpenFile.O_NONBLOCK) | bit);
            }
            case FIONREAD -> {
                var place = file.location();
                if (place == null || !place.attributes().isRegular())
                    return file.ioctl(task, request, argument);
                long left = place.attributes().size() - file.seek(0, 1);
                memory.putInt(argument, Math.clamp(left, 0, Integer.MAX_VALUE));
            }
            default -> {
                return file.ioctl(task, request, argument);
            }
        }
        return 0;
    }
}
