package podium.syscall.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;

/// One end of a connection that carries a stream of bytes both ways. Thread-safe.
///
/// Transfers return a count or a negated [Errno], `EAGAIN` when they would have to wait.
sealed interface Duplex permits StreamEnd, HostStream {

    /// Takes received bytes; 0 at the end.
    int read(ByteBuffer into);

    /// Looks at received bytes from an offset on and leaves them; 0 at the end.
    int peek(ByteBuffer into, int offset);

    /// Sends what there is room for.
    int write(ByteBuffer from);

    /// Bytes that can be read at once.
    int available();

    /// Whether a number of bytes, or as many as can be held without being read, is there, or no
    /// more will come (MSG_WAITALL).
    boolean filled(long bytes);

    /// shutdown(2).
    ///
    /// @throws podium.syscall.ErrnoException `ENOTCONN`
    void shutdown(boolean receive, boolean send);

    /// The pending error of SO_ERROR, which is taken; null for none.
    @Nullable Errno takeError();

    /// As [podium.syscall.Pollable#readiness()].
    int readiness();

    /// Buffer sizes changed; 0 leaves one as it is.
    void setLimits(int receive, int send);

    /// Ends both directions.
    ///
    /// @param abort resets the connection instead of finishing it
    void close(boolean abort);
}
