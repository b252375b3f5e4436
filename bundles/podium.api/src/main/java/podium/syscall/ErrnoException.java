package podium.syscall;

/// A system call fails. Preallocated, one per [Errno], without stack trace: throwing costs the
/// unwinding only. Code on a hot path returns [Errno#negated()] instead.
public final class ErrnoException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Errno errno;

    ErrnoException(Errno errno) {
        super(errno.name() + ": " + errno.text(), null, false, false);
        this.errno = errno;
    }

    public Errno errno() {
        return errno;
    }
}
