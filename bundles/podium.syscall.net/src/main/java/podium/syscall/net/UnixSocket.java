package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_UNIX;

import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Task;
import podium.syscall.WaitQueue;

/// unix(7): names, which all three types have alike.
abstract sealed class UnixSocket extends Socket permits UnixStreamSocket, UnixDatagramSocket {

    static final SocketName UNNAMED = new SocketName.Unnamed(AF_UNIX);

    /// Guarded by the network.
    volatile SocketName name = UNNAMED;

    private @Nullable Object key;

    /// The other side's process when the connection was made, SO_PEERCRED.
    volatile Message.@Nullable Sender peerSender;

    UnixSocket(PodNetwork network, int type, WaitQueue waiters) {
        super(network, AF_UNIX, type, 0, waiters);
    }

    @Override
    void bind(Task task, SocketName wanted) {
        if (wanted.family() != AF_UNIX) throw Errno.EINVAL.exception();
        synchronized (network) {
            if (key != null) throw Errno.EINVAL.exception();
            var given = wanted instanceof SocketName.Unnamed ? network.unix.free() : wanted;
            key = network.unix.bind(task, given, this);
            name = given;
        }
    }

    /// Frees the name; a path's file stays, as unix(7) has it.
    void unbind() {
        synchronized (network) {
            var bound = key;
            if (bound != null) network.unix.remove(bound, this);
            key = null;
        }
    }

    /// What a name to connect to stands for.
    static Object key(@Nullable Task task, SocketName name) {
        return switch (name) {
            case SocketName.Path path when task != null -> UnixNames.resolve(task, path.path());
            case SocketName.Abstract given -> given.name();
            default -> throw Errno.EINVAL.exception();
        };
    }

    @Override
    SocketName localName() {
        return name;
    }
}
