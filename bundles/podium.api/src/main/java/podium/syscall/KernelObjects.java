package podium.syscall;

/// Makes the kernel's own kinds of open files. A service of the kernel. Each result has a count of
/// one.
public interface KernelObjects {

    /// The two ends of a pipe(7) of 64 KiB.
    ///
    /// @param flags `O_NONBLOCK`, `O_DIRECT`
    Pipe pipe(int flags);

    /// eventfd(2).
    ///
    /// @param flags `EFD_NONBLOCK`, `EFD_SEMAPHORE`
    OpenFile eventfd(int initial, int flags);

    /// An epoll(7) instance.
    Epoll epoll();

    /// timerfd_create(2), on a clock of a process.
    ///
    /// @throws ErrnoException `EINVAL` for an unknown clock
    Timer timer(Process process, int clock, int flags);

    /// Opens a character device by number whose driver is the kernel: the caller's terminal (5, 0).
    ///
    /// @param device as makedev(3) packs it
    /// @throws ErrnoException `ENXIO` when there is none
    default OpenFile device(long device, int flags) {
        throw Errno.ENXIO.exception();
    }

    /// `IN`-ready when any of the given ones has any of its events.
    Pollable any(Pollable[] pollables, int[] events);

    /// The ends of a pipe.
    record Pipe(OpenFile reader, OpenFile writer) {}

    /// epoll(7), as an open file.
    abstract class Epoll extends AnonymousFile {

        protected Epoll() {
            super(O_RDWR, "[eventpoll]");
        }

        /// EPOLL_CTL_ADD. A registration belongs to the pair of descriptor and open file.
        ///
        /// @throws ErrnoException `EEXIST`, `EPERM` when the file cannot be polled, `ELOOP`,
        ///     `EINVAL`
        public abstract void add(int fd, OpenFile file, int events, long data);

        /// EPOLL_CTL_MOD.
        ///
        /// @throws ErrnoException `ENOENT`
        public abstract void modify(int fd, OpenFile file, int events, long data);

        /// EPOLL_CTL_DEL.
        ///
        /// @throws ErrnoException `ENOENT`
        public abstract void remove(int fd, OpenFile file);

        /// Takes ready events, fairly, and writes them as `struct epoll_event` (16 bytes: events,
        /// pad, data).
        ///
        /// @return how many, 0 when none is ready
        public abstract int take(GuestMemory memory, int address, int limit);
    }

    /// timerfd_create(2), as an open file.
    abstract class Timer extends AnonymousFile {

        protected Timer(int flags) {
            super(flags, "[timerfd]");
        }

        /// timerfd_settime(2), times in nanoseconds; 0 disarms.
        public abstract void set(boolean absolute, long value, long interval);

        /// Nanoseconds until the next expiration, 0 when disarmed.
        public abstract long remaining();

        public abstract long interval();
    }
}
