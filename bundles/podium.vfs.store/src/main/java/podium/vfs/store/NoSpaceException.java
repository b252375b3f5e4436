package podium.vfs.store;

import java.io.IOException;
import podium.syscall.Errno;

/// The host's disk is full, or somebody's quota of it used up.
public final class NoSpaceException extends IOException {

    private static final long serialVersionUID = 1;

    private final Errno errno;

    public NoSpaceException(String message) {
        super(message);
        errno = Errno.ENOSPC;
    }

    /// @param errno `ENOSPC` or `EDQUOT`
    NoSpaceException(IOException cause, Errno errno) {
        super(cause.getMessage(), cause);
        this.errno = errno;
    }

    Errno errno() {
        return errno;
    }
}
