package podium.syscall.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.FdTable;
import podium.syscall.Grant;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.SocketFile;
import podium.syscall.Task;
import podium.syscall.WaitQueue;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// A socket of a pod, whatever its family: what the system calls work on.
///
/// Like those of [podium.syscall.OpenFile], the transfer methods return a count or a negated
/// [Errno], and `EAGAIN`
/// when they would have to wait.
abstract class Socket extends SocketFile {

    private static final int FIONREAD = 0x541b;
    private static final int FIONBIO = 0x5421;
    private static final int SIOCOUTQ = 0x5411;

    final PodNetwork network;
    final int domain;
    final int type;
    final int protocol;
    final WaitQueue waiters;
    final SocketOptions options = new SocketOptions();

    /// What the next call reports, once.
    volatile @Nullable Errno error;

    private final long inode;
    private final long born = System.currentTimeMillis() * 1_000_000;

    /// @throws podium.syscall.ErrnoException `ENFILE` at the pod's limit
    Socket(PodNetwork network, int domain, int type, int protocol, WaitQueue waiters) {
        super(O_RDWR);
        this.network = network;
        this.domain = domain;
        this.type = type;
        this.protocol = protocol;
        this.waiters = waiters;
        this.inode = network.opened();
    }

    /// bind(2).
    abstract void bind(Task task, SocketName name);

    /// listen(2).
    ///
    /// @param backlog 0 to `SOMAXCONN`
    void listen(Task task, int backlog) {
        throw Errno.EOPNOTSUPP.exception();
    }

    /// accept(2).
    ///
    /// @return null when it would have to wait
    @Nullable Socket accept() {
        throw Errno.EOPNOTSUPP.exception();
    }

    /// Puts back what [#accept] returned, when there was no descriptor for it.
    void unaccept(Socket socket) {
        throw new IllegalStateException("not accepted here: " + socket);
    }

    /// connect(2).
    ///
    /// @param wait whether the caller will wait: `EAGAIN` asks it to, then to call again
    /// @return 0 or a negated errno
    abstract int connect(Task task, SocketName name, boolean wait);

    @Override
    public Pollable connected() {
        return this;
    }

    /// getsockname(2).
    abstract SocketName localName();

    /// getpeername(2).
    ///
    /// @throws podium.syscall.ErrnoException `ENOTCONN`
    abstract SocketName peerName();

    /// sendmsg(2).
    ///
    /// @param message its buffers are advanced past what was sent
    abstract int send(Message message);

    /// recvmsg(2).
    ///
    /// @param message its buffers are filled; name, files and flags are set
    abstract int receive(Message message);

    /// Takes the pending error, SO_ERROR.
    @Nullable Errno takeError() {
        var taken = error;
        if (taken != null) error = null;
        return taken;
    }

    /// SO_ACCEPTCONN.
    boolean listening() {
        return false;
    }

    @Override
    public byte @Nullable [] freeze() {
        return null;
    }

    /// The connection's bytes; null when it is none of a stream, or not connected.
    @Nullable Duplex stream() {
        return null;
    }

    /// Bytes that can be read at once, FIONREAD.
    abstract int available();

    /// An option changed that the connection below must know of.
    void optionChanged(int level, int name) {}

    @Override
    public final int accept(FdTable files, int flags, @Nullable Grant grant) {
        var accepted = accept();
        if (accepted == null) return Errno.EAGAIN.negated();
        return accepted(accepted, files, flags, grant);
    }

    /// Gives a descriptor to what [#accept] returned.
    ///
    /// @param flags `O_NONBLOCK`, `O_CLOEXEC`
    /// @throws ErrnoException `EMFILE`: it can be accepted again
    final int accepted(Socket socket, FdTable files, int flags, @Nullable Grant grant) {
        if ((flags & O_NONBLOCK) != 0) socket.setFlags(socket.flags() | O_NONBLOCK);
        socket.retain(); // until it is certain that there is a descriptor
        try {
            int fd = files.add(socket, 0, (flags & O_CLOEXEC) != 0, grant);
            socket.release();
            return fd;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EMFILE) unaccept(socket);
            else socket.release();
            socket.release();
            throw e;
        }
    }

    // ---- for other ABIs: with addresses of the internet

    @Override
    public final void bind(Task task, InetSocketAddress address) {
        bind(task, SocketName.of(address, domain));
    }

    @Override
    public final void listenFor(Task task, int backlog) {
        // Unsigned in Linux: a negative one asks for the most.
        listen(
                task,
                backlog < 0
                        ? SocketConstants.SOMAXCONN
                        : Math.min(backlog, SocketConstants.SOMAXCONN));
    }

    @Override
    public final int connect(Task task, InetSocketAddress address, boolean wait) {
        return connect(task, SocketName.of(address, domain), wait);
    }

    @Override
    public final @Nullable InetSocketAddress local() {
        return shown(localName());
    }

    @Override
    public final @Nullable InetSocketAddress peer() {
        return shown(peerName());
    }

    private @Nullable InetSocketAddress shown(SocketName name) {
        return name instanceof SocketName.Inet inet ? SockAddr.shown(inet, domain) : null;
    }

    @Override
    public final int receive(ByteBuffer into, int flags, Consumer<InetSocketAddress> sender) {
        var message = Message.of(into);
        message.flags = flags;
        int count = receive(message);
        if (message.rights != null) message.rights.drop();
        if (count >= 0 && message.name instanceof SocketName.Inet from)
            sender.accept(SockAddr.shown(from, domain));
        return count;
    }

    @Override
    public final int send(Task task, ByteBuffer from, InetSocketAddress to) {
        var message = Message.of(from);
        message.task = task;
        message.flags = SocketConstants.MSG_NOSIGNAL;
        message.name = SocketName.of(to, domain);
        return send(message);
    }

    @Override
    public final void setOption(GuestMemory memory, int level, int name, int address, int length) {
        OptionCalls.set(this, memory, level, name, address, length);
    }

    @Override
    public final int option(GuestMemory memory, int level, int name, int address, int room) {
        return OptionCalls.get(this, memory, level, name, address, room);
    }

    @Override
    public final long timeout(boolean receiving) {
        return receiving ? options.receiveTimeout : options.sendTimeout;
    }

    @Override
    public final boolean isStream() {
        return type == SocketConstants.SOCK_STREAM;
    }

    @Override
    public int read(ByteBuffer into) {
        return receive(Message.of(into));
    }

    @Override
    public int write(ByteBuffer from) {
        return send(Message.of(from));
    }

    @Override
    public int ioctl(Task task, int request, int argument) {
        switch (request) {
            case FIONBIO -> {
                int on = task.memory().getInt(argument);
                setFlags(on != 0 ? flags() | O_NONBLOCK : flags() & ~O_NONBLOCK);
            }
            case FIONREAD -> task.memory().putInt(argument, available());
            case SIOCOUTQ -> task.memory().putInt(argument, 0);
            default -> {
                return Errno.ENOTTY.negated();
            }
        }
        return 0;
    }

    @Override
    public Attributes attributes() {
        return Attributes.of(inode, Mode.SOCKET | 0777, 0, 0, born);
    }

    @Override
    public String description() {
        return "socket:[" + inode + "]";
    }

    @Override
    public void watch(Watcher watcher) {
        waiters.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        waiters.remove(watcher);
    }
}
