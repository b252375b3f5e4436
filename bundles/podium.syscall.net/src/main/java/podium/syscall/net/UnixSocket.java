package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_UNIX;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.syscall.WaitQueue;

/// unix(7): names, and connections that wait to be accepted, which the types have alike.
abstract sealed class UnixSocket extends Socket permits UnixStreamSocket, UnixDatagramSocket {

    static final SocketName UNNAMED = new SocketName.Unnamed(AF_UNIX);

    /// Guarded by the network.
    volatile SocketName name = UNNAMED;

    private @Nullable Object key;

    /// Connections not accepted yet; null unless it listens. Guarded by the network.
    private volatile @Nullable ArrayDeque<UnixSocket> backlog;

    private int backlogLimit;

    /// Is woken when there is room again for what others send here, connections included.
    final WaitQueue roomWaiters = new WaitQueue();

    /// Who had no room for the last call.
    volatile @Nullable UnixSocket waitsFor;

    /// The other side's process when the connection was made, SO_PEERCRED; a listener's own.
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

    /// Whether it has a peer already. Guarded by the network.
    abstract boolean paired();

    @Override
    void listen(Task task, int limit) {
        synchronized (network) {
            if (name == UNNAMED || paired()) throw Errno.EINVAL.exception();
            if (backlog == null) backlog = new ArrayDeque<>();
            backlogLimit = limit;
            peerSender = Message.Sender.of(task);
        }
        roomWaiters.wake(OUT);
    }

    @Override
    @Nullable Socket accept() {
        UnixSocket accepted;
        synchronized (network) {
            if (backlog == null) throw Errno.EINVAL.exception();
            accepted = backlog.poll();
        }
        if (accepted != null) roomWaiters.wake(OUT);
        return accepted;
    }

    @Override
    void unaccept(Socket socket) {
        synchronized (network) {
            if (backlog == null) return;
            socket.retain();
            backlog.addFirst((UnixSocket) socket);
        }
    }

    @Override
    final boolean listening() {
        return backlog != null;
    }

    /// Whether a connection waits for accept(2).
    boolean hasArrived() {
        synchronized (network) {
            return backlog != null && !backlog.isEmpty();
        }
    }

    /// Ends listening.
    ///
    /// @return who was not accepted
    Collection<UnixSocket> endListening() {
        synchronized (network) {
            var dropped = backlog;
            backlog = null;
            return dropped == null ? List.of() : dropped;
        }
    }

    /// The socket of this type at a name. Guarded by the network.
    ///
    /// @param key of the name
    /// @throws podium.syscall.ErrnoException `ECONNREFUSED`, `EPROTOTYPE`
    UnixSocket find(Object key) {
        var found = network.unix.find(key);
        if (found == null) throw Errno.ECONNREFUSED.exception();
        if (found.type != type) throw Errno.EPROTOTYPE.exception();
        return found;
    }

    /// Looks for a place in a listener's backlog. Guarded by the network.
    ///
    /// @return 0 or a negated errno
    int reach(UnixSocket listener) {
        if (listener.backlog == null) return Errno.ECONNREFUSED.negated();
        if (!listener.full()) return 0;
        waitsFor = listener;
        return Errno.EAGAIN.negated();
    }

    /// A connection waits to be accepted. Guarded by the network.
    void arrived(UnixSocket connection) {
        if (backlog == null) throw new IllegalStateException("it does not listen");
        backlog.add(connection);
    }

    /// Whether it takes nothing more from others now.
    boolean full() {
        synchronized (network) {
            return backlog != null && backlog.size() > backlogLimit;
        }
    }

    @Override
    public final Pollable connected() {
        return room();
    }

    /// What a sender waits for when the receiver is full.
    final Pollable room() {
        var target = waitsFor;
        return target == null ? this : target.roomWaiters.pollable(() -> target.full() ? 0 : OUT);
    }
}
