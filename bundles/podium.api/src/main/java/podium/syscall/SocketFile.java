package podium.syscall;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A socket (socket(7)), as far as families of other ABIs than Linux's need it: what can be done
/// without an address. Reading and writing it are receiving and sending.
///
/// Thread-safe.
public abstract class SocketFile extends OpenFile {

    /// Flags of recv(2).
    public static final int MSG_PEEK = 0x2;

    /// The count is a datagram's, even if it was cut off.
    public static final int MSG_TRUNC = 0x20;

    public static final int MSG_WAITALL = 0x100;

    protected SocketFile(int flags) {
        super(flags);
    }

    /// accept4(2): takes a connection and gives it a descriptor. One for which there is none stays.
    ///
    /// @param flags `O_NONBLOCK`, `O_CLOEXEC`
    /// @param grant what the descriptor allows; null for all that the socket does
    /// @return the descriptor, or a negated errno: `EAGAIN` when there is no connection yet
    /// @throws ErrnoException `EMFILE`; `EOPNOTSUPP`, `EINVAL`: it takes no connections
    public abstract int accept(FdTable files, int flags, @Nullable Grant grant);

    /// recv(2).
    ///
    /// @param flags `MSG_PEEK`, `MSG_TRUNC`
    /// @return a count, or a negated errno
    public abstract int receive(ByteBuffer into, int flags);

    /// shutdown(2).
    ///
    /// @throws ErrnoException `ENOTCONN`
    public abstract void shutdown(boolean receive, boolean send);

    /// Whether it carries a stream (SOCK_STREAM).
    public abstract boolean isStream();
}
