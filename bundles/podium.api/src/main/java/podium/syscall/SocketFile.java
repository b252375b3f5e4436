package podium.syscall;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A socket (socket(7)), as far as families of other ABIs than Linux's need it. Reading and writing
/// it are receiving and sending. Addresses are those of the internet, inside the pod or, where its
/// grants allow it, outside; a socket of IPv6 has IPv6 addresses, mapped ones for IPv4.
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

    /// bind(2).
    ///
    /// @throws ErrnoException `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`, `EINVAL`, `EAFNOSUPPORT`
    public abstract void bind(Task task, InetSocketAddress address);

    /// listen(2).
    ///
    /// @param backlog connections that wait to be accepted; negative for as many as may be
    /// @throws ErrnoException `EADDRINUSE`, `EINVAL`, `EOPNOTSUPP`
    public abstract void listenFor(Task task, int backlog);

    /// connect(2). Where the grants of the pod forbid the address, that is `ENETUNREACH` or
    /// `EACCES`.
    ///
    /// @param wait whether the caller waits for [#connected] to be `OUT`-ready after `EAGAIN`, and
    ///     calls again
    /// @return 0 or a negated errno, `EINPROGRESS` for who does not wait
    public abstract int connect(Task task, InetSocketAddress address, boolean wait);

    /// What to wait for while connecting.
    public abstract Pollable connected();

    /// getsockname(2); null for a socket that is none of the internet.
    public abstract @Nullable InetSocketAddress local();

    /// getpeername(2); null for a socket that is none of the internet.
    ///
    /// @throws ErrnoException `ENOTCONN`
    public abstract @Nullable InetSocketAddress peer();

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
    public final int receive(ByteBuffer into, int flags) {
        return receive(into, flags, _ -> {});
    }

    /// recvfrom(2).
    ///
    /// @param flags as for [#receive(ByteBuffer, int)]
    /// @param sender is told who sent a datagram, before this returns
    /// @return a count, or a negated errno
    public abstract int receive(ByteBuffer into, int flags, Consumer<InetSocketAddress> sender);

    /// sendto(2), without a signal when nobody receives any longer (MSG_NOSIGNAL).
    ///
    /// @return a count, or a negated errno
    public abstract int send(Task task, ByteBuffer from, InetSocketAddress to);

    /// setsockopt(2), with Linux's numbers and structures. Times are of `SO_RCVTIMEO_NEW` and
    /// `SO_SNDTIMEO_NEW`.
    ///
    /// @param address, length where the value is
    /// @throws ErrnoException `ENOPROTOOPT`, `EINVAL`, `EDOM`, `EFAULT`
    public abstract void setOption(
            GuestMemory memory, int level, int name, int address, int length);

    /// getsockopt(2), as [#setOption].
    ///
    /// @param address, room where the value goes; it is cut off there
    /// @return the value's length
    /// @throws ErrnoException `ENOPROTOOPT`, `EFAULT`
    public abstract int option(GuestMemory memory, int level, int name, int address, int room);

    /// How long a call that waits does so at most, in nanoseconds (SO_RCVTIMEO, SO_SNDTIMEO); the
    /// error is `EAGAIN` then. [Task#FOREVER] for without end.
    public abstract long timeout(boolean receiving);

    /// shutdown(2).
    ///
    /// @throws ErrnoException `ENOTCONN`
    public abstract void shutdown(boolean receive, boolean send);

    /// What there is of it when its process is frozen, for [Sockets#thaw]: its name, its options,
    /// whether it listens; not its connection, nor what it has received. Null when there is
    /// nothing:
    /// it is none of the internet.
    public abstract byte @Nullable [] freeze();

    /// Whether it carries a stream (SOCK_STREAM).
    public abstract boolean isStream();
}
