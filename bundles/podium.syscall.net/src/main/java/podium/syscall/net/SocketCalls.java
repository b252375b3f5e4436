package podium.syscall.net;

import static podium.syscall.net.SocketConstants.*;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Export;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// The system calls that make, name and connect sockets.
@Component
public final class SocketCalls implements SyscallFamily {

    private final Networks networks;

    @Activate
    public SocketCalls(@Reference Networks networks) {
        this.networks = networks;
    }

    @Override
    public String module() {
        return "linux";
    }

    /// socket(2).
    @Export
    public int socket(Task task, int domain, int type, int protocol) {
        checkFlags(type, ~SOCK_TYPE_MASK);
        var socket = make(networks.of(task), domain, type & SOCK_TYPE_MASK, protocol);
        return install(task, socket, type);
    }

    private static Socket make(PodNetwork network, int domain, int type, int protocol) {
        switch (domain) {
            case AF_INET, AF_INET6 -> {
                if (type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP))
                    return new TcpSocket(network, domain);
                if (type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP))
                    return new UdpSocket(network, domain);
                if (type == SOCK_RAW) throw Errno.EPERM.exception();
                throw (type == SOCK_STREAM || type == SOCK_DGRAM
                                ? Errno.EPROTONOSUPPORT
                                : Errno.ESOCKTNOSUPPORT)
                        .exception();
            }
            case AF_UNIX -> {
                if (protocol != 0 && protocol != AF_UNIX) throw Errno.EPROTONOSUPPORT.exception();
                return switch (type) {
                    case SOCK_STREAM -> new UnixStreamSocket(network);
                    // As Linux: raw is taken for datagram here.
                    case SOCK_DGRAM, SOCK_RAW -> new UnixDatagramSocket(network, SOCK_DGRAM);
                    case SOCK_SEQPACKET -> new UnixDatagramSocket(network, SOCK_SEQPACKET);
                    default -> throw Errno.ESOCKTNOSUPPORT.exception();
                };
            }
            case AF_NETLINK -> {
                if (type != SOCK_RAW && type != SOCK_DGRAM) throw Errno.ESOCKTNOSUPPORT.exception();
                // NETLINK_ROUTE alone.
                if (protocol != 0) throw Errno.EPROTONOSUPPORT.exception();
                return new NetlinkSocket(network, type);
            }
            default -> throw Errno.EAFNOSUPPORT.exception();
        }
    }

    /// socketpair(2).
    @Export
    public int socketpair(Task task, int domain, int type, int protocol, int pair) {
        checkFlags(type, ~SOCK_TYPE_MASK);
        if (domain == AF_INET || domain == AF_INET6) return Errno.EOPNOTSUPP.negated();
        if (domain != AF_UNIX) return Errno.EAFNOSUPPORT.negated();
        if (protocol != 0 && protocol != AF_UNIX) return Errno.EPROTONOSUPPORT.negated();
        task.memory().buffer(pair, 8);
        var network = networks.of(task);
        var maker = Message.Sender.of(task);
        int plain = type & SOCK_TYPE_MASK;
        Socket[] made =
                switch (plain) {
                    case SOCK_STREAM -> UnixStreamSocket.pair(network, maker);
                    case SOCK_DGRAM, SOCK_RAW ->
                            UnixDatagramSocket.pair(network, SOCK_DGRAM, maker);
                    case SOCK_SEQPACKET -> UnixDatagramSocket.pair(network, plain, maker);
                    default -> throw Errno.ESOCKTNOSUPPORT.exception();
                };
        int first;
        try {
            first = install(task, made[0], type);
        } catch (ErrnoException e) {
            made[1].release();
            throw e;
        }
        try {
            task.memory().putInt(pair + 4, install(task, made[1], type));
        } catch (ErrnoException e) {
            task.files().close(first);
            throw e;
        }
        task.memory().putInt(pair, first);
        return 0;
    }

    private static void checkFlags(int flags, int mask) {
        if ((flags & mask & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) throw Errno.EINVAL.exception();
    }

    private static int install(Task task, Socket socket, int flags) {
        if ((flags & SOCK_NONBLOCK) != 0) socket.setFlags(socket.flags() | OpenFile.O_NONBLOCK);
        return task.files().add(socket, (flags & SOCK_CLOEXEC) != 0);
    }

    /// bind(2).
    @Export
    public int bind(Task task, int fd, int address, int length) {
        var socket = Networks.socket(task, fd);
        socket.bind(task, SockAddr.read(task.memory(), address, length));
        return 0;
    }

    /// listen(2).
    @Export
    public int listen(Task task, int fd, int backlog) {
        Networks.socket(task, fd).listenFor(task, backlog);
        return 0;
    }

    /// accept(2).
    @Export
    public int accept(Task task, int fd, int address, int length) {
        return accept4(task, fd, address, length, 0);
    }

    /// accept4(2).
    @Export
    public int accept4(Task task, int fd, int address, int length, int flags) {
        checkFlags(flags, ~0);
        var listener = Networks.socket(task, fd);
        var accepted = listener.accept();
        if (accepted == null)
            return waitFor(task, listener, OpenFile.IN, listener.options.receiveTimeout);
        try {
            if (address != 0)
                SockAddr.write(
                        task.memory(), accepted.peerName(), accepted.domain, address, length);
        } catch (ErrnoException e) {
            accepted.release();
            throw e;
        }
        return listener.accepted(accepted, task.files(), flags, null);
    }

    /// connect(2).
    @Export
    public int connect(Task task, int fd, int address, int length) {
        var socket = Networks.socket(task, fd);
        var name = SockAddr.read(task.memory(), address, length);
        int result = socket.connect(task, name, !socket.nonBlocking());
        if (!Streams.wouldBlock(result) || socket.nonBlocking()) return result;
        if (task.timedOut()) return Errno.EINPROGRESS.negated();
        return task.block(socket.connected(), OpenFile.OUT, socket.options.sendTimeout);
    }

    /// getsockname(2).
    @Export
    public int getsockname(Task task, int fd, int address, int length) {
        var socket = Networks.socket(task, fd);
        SockAddr.write(task.memory(), socket.localName(), socket.domain, address, length);
        return 0;
    }

    /// getpeername(2).
    @Export
    public int getpeername(Task task, int fd, int address, int length) {
        var socket = Networks.socket(task, fd);
        SockAddr.write(task.memory(), socket.peerName(), socket.domain, address, length);
        return 0;
    }

    /// shutdown(2).
    @Export
    public int shutdown(Task task, int fd, int how) {
        var socket = Networks.socket(task, fd);
        switch (how) {
            case SHUT_RD -> socket.shutdown(true, false);
            case SHUT_WR -> socket.shutdown(false, true);
            case SHUT_RDWR -> socket.shutdown(true, true);
            default -> {
                return Errno.EINVAL.negated();
            }
        }
        return 0;
    }

    /// Waits unless the file or the caller would not.
    static int waitFor(Task task, Socket socket, int events, long timeout) {
        if (socket.nonBlocking() || task.timedOut()) return Errno.EAGAIN.negated();
        return task.block(socket, events, timeout);
    }
}
