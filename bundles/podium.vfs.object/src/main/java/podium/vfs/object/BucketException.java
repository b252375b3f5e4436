package podium.vfs.object;

import java.io.IOException;
import podium.syscall.Errno;

/// A bucket does not do what it should. The message is one line, without anything secret.
final class BucketException extends IOException {

    private static final long serialVersionUID = 1;

    /// What is wrong.
    enum Kind {
        /// There is no such object.
        MISSING(Errno.EIO),
        /// Something there is not what was written.
        DAMAGED(Errno.EIO),
        /// Not allowed, or not possible, now and later.
        REFUSED(Errno.EIO),
        /// There is no room.
        FULL(Errno.ENOSPC),
        /// No answer, or one that says to come again.
        UNREACHABLE(Errno.ETIMEDOUT);

        /// What a guest gets.
        final Errno errno;

        Kind(Errno errno) {
            this.errno = errno;
        }
    }

    private final Kind kind;
    private final String message;

    BucketException(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.message = message;
    }

    /// @param cause not shown to anybody but by its message above
    BucketException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    Kind kind() {
        return kind;
    }

    /// Whether what was written is not there any more, rather than out of reach.
    boolean isLoss() {
        return kind == Kind.MISSING || kind == Kind.DAMAGED;
    }
}
