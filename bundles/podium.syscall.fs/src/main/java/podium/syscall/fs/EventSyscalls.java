package podium.syscall.fs;

import static podium.syscall.OpenFile.O_CLOEXEC;
import static podium.syscall.OpenFile.O_DIRECT;
import static podium.syscall.OpenFile.O_NONBLOCK;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.KernelObjects;
import podium.syscall.Pollable;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// System calls that make and use pipes, event counters, timers and epoll instances.
@Component(service = SyscallFamily.class)
public final class EventSyscalls implements SyscallFamily {

    private static final int EFD_SEMAPHORE = 1;
    private static final int EPOLL_EVENT = 16;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int TFD_TIMER_ABSTIME = 1;
    private static final int TFD_TIMER_CANCEL_ON_SET = 2;
    private static final long MILLISECOND = 1_000_000;

    private final KernelObjects kernel;

    @Activate
    public EventSyscalls(@Reference KernelObjects kernel) {
        this.kernel = kernel;
    }

    @Override
    public String module() {
        return "linux";
    }

    /// pipe2(2).
    @Export
    public int pipe2(Task task, GuestMemory memory, int fds, int flags) {
        Places.only(flags, O_CLOEXEC | O_NONBLOCK | O_DIRECT);
        memory.slice(fds, 8);
        boolean closeOnExec = (flags & O_CLOEXEC) != 0;
        var pipe = kernel.pipe(flags & ~O_CLOEXEC);
        int reader;
        try {
            reader = task.files().add(pipe.reader(), closeOnExec);
        } catch (podium.syscall.ErrnoException e) {
            pipe.writer().release();
            throw e;
        }
        int writer;
        try {
            writer = task.files().add(pipe.writer(), closeOnExec);
        } catch (podium.syscall.ErrnoException e) {
            task.files().close(reader);
            throw e;
        }
        memory.putInt(fds, reader);
        memory.putInt(fds + 4, writer);
        return 0;
    }

    @Export
    public int eventfd2(Task task, int initial, int flags) {
        Places.only(flags, O_CLOEXEC | O_NONBLOCK | EFD_SEMAPHORE);
        var file = kernel.eventfd(initial, flags & ~O_CLOEXEC);
        return task.files().add(file, (flags & O_CLOEXEC) != 0);
    }

    @Export("epoll_create1")
    public int epollCreate1(Task task, int flags) {
        Places.only(flags, O_CLOEXEC);
        return task.files().add(kernel.epoll(), (flags & O_CLOEXEC) != 0);
    }

    /// epoll_ctl(2).
    ///
    /// @param event address of a `struct epoll_event`: events (32 bits), pad, data (64 bits)
    @Export("epoll_ctl")
    public int epollCtl(
            Task task, GuestMemory memory, int epollFd, int operation, int fd, int event) {
        int events = operation == EPOLL_CTL_DEL ? 0 : memory.getInt(event);
        long data = operation == EPOLL_CTL_DEL ? 0 : memory.getLong(event + 8);
        var epoll = task.files().get(epollFd);
        var file = task.files().get(fd);
        if (epoll == file || !(epoll instanceof KernelObjects.Epoll set))
            return Errno.EINVAL.negated();
        switch (operation) {
            case EPOLL_CTL_ADD -> set.add(fd, file, events, data);
            case EPOLL_CTL_MOD -> set.modify(fd, file, events, data);
            case EPOLL_CTL_DEL -> set.remove(fd, file);
            default -> {
                // What cannot be watched at all is noticed first.
                boolean plain = file.attributes().isRegular() || file.attributes().isDirectory();
                return (plain ? Errno.EPERM : Errno.EINVAL).negated();
            }
        }
        return 0;
    }

    /// epoll_pwait(2).
    ///
    /// @param timeout in milliseconds; negative for none
    @Export("epoll_pwait")
    public int epollPwait(
            Task task,
            GuestMemory memory,
            int fd,
            int events,
            int limit,
            int timeout,
            int mask,
            int maskSize) {
        if (limit <= 0 || limit > Integer.MAX_VALUE / EPOLL_EVENT) return Errno.EINVAL.negated();
        memory.slice(events, limit * EPOLL_EVENT);
        if (!(task.files().get(fd) instanceof KernelObjects.Epoll epoll))
            return Errno.EINVAL.negated();
        SignalMask.set(task, memory, mask, maskSize);
        int count = epoll.take(memory, events, limit);
        if (count != 0 || timeout == 0 || task.timedOut()) return count;
        long wait = timeout < 0 ? Task.FOREVER : timeout * MILLISECOND;
        return task.block(epoll, Pollable.IN, wait);
    }

    @Export("timerfd_create")
    public int timerfdCreate(Task task, int clock, int flags) {
        Places.only(flags, O_CLOEXEC | O_NONBLOCK);
        var file = kernel.timer(task.process(), clock, flags & ~O_CLOEXEC);
        return task.files().add(file, (flags & O_CLOEXEC) != 0);
    }

    /// timerfd_settime(2).
    ///
    /// @param value address of a `struct itimerspec`: interval, then first expiration
    /// @param old where the former setting goes, or 0
    @Export("timerfd_settime64")
    public int timerfdSettime(
            Task task, GuestMemory memory, int fd, int flags, int value, int old) {
        Places.only(flags, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET);
        var timer = timer(task, fd);
        long interval = Times.read(memory, value);
        long first = Times.read(memory, value + Times.SIZE);
        if (old != 0) put(memory, old, timer);
        timer.set((flags & TFD_TIMER_ABSTIME) != 0, first, interval);
        return 0;
    }

    @Export("timerfd_gettime64")
    public int timerfdGettime(Task task, GuestMemory memory, int fd, int value) {
        put(memory, value, timer(task, fd));
        return 0;
    }

    private static KernelObjects.Timer timer(Task task, int fd) {
        if (task.files().get(fd) instanceof KernelObjects.Timer timer) return timer;
        throw Errno.EINVAL.exception();
    }

    private static void put(GuestMemory memory, int at, KernelObjects.Timer timer) {
        memory.slice(at, 2 * Times.SIZE);
        Times.write(memory, at, timer.interval());
        Times.write(memory, at + Times.SIZE, timer.remaining());
    }
}
