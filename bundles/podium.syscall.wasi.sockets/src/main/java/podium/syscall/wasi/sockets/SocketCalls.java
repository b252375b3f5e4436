package podium.syscall.wasi.sockets;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.Sockets;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.wasi.abi.Rights;
import podium.syscall.wasi.abi.Transfer;
import podium.syscall.wasi.abi.WasiErrno;

/// Making, naming and connecting sockets.
@Component(service = SyscallFamily.class)
public final class SocketCalls extends ExtensionFamily {

    /// `__wasi_sock_type_t`.
    static final int DATAGRAM = 1;

    static final int STREAM = 2;

    private final Sockets sockets;

    @Activate
    public SocketCalls(@Reference Sockets sockets) {
        this.sockets = sockets;
    }

    @Export
    public int sock_open(Task task, GuestMemory memory, int family, int type, int result) {
        memory.slice(result, 4); // EFAULT before there is a descriptor
        if (family != Address.INET4 && family != Address.INET6)
            throw Errno.EAFNOSUPPORT.exception();
        if (type != STREAM && type != DATAGRAM) throw Errno.ESOCKTNOSUPPORT.exception();
        var socket = sockets.socket(task, family == Address.INET6, type == STREAM);
        memory.putInt(result, task.files().add(socket, true));
        return WasiErrno.SUCCESS;
    }

    @Export
    public int sock_bind(Task task, GuestMemory memory, int fd, int address, int port) {
        socket(task, fd).bind(task, Address.read(memory, address, port));
        return WasiErrno.SUCCESS;
    }

    @Export
    public int sock_listen(Task task, int fd, int backlog) {
        socket(task, fd).listenFor(task, backlog);
        return WasiErrno.SUCCESS;
    }

    /// As the interface's own, without flags.
    @Export
    public int sock_accept(Task task, GuestMemory memory, int fd, int result) {
        var socket = socket(task, fd);
        if (Rights.lacks(task, fd, socket, Rights.SOCK_ACCEPT)) return WasiErrno.NOTCAPABLE;
        memory.slice(result, 4);
        var grant = Rights.ofConnection(task.files().grant(fd, socket));
        int accepted = socket.accept(task.files(), OpenFile.O_CLOEXEC, grant);
        return Transfer.answer(task, memory, socket, accepted, Pollable.IN, result);
    }

    @Export
    public int sock_connect(Task task, GuestMemory memory, int fd, int address, int port) {
        var socket = socket(task, fd);
        var to = Address.read(memory, address, port);
        int result = socket.connect(task, to, !socket.nonBlocking());
        if (result == 0) return WasiErrno.SUCCESS;
        if (result != Errno.EAGAIN.negated() || socket.nonBlocking()) return WasiErrno.of(result);
        if (task.timedOut()) return WasiErrno.of(Errno.EINPROGRESS.negated());
        return task.block(socket.connected(), Pollable.OUT, socket.timeout(false));
    }

    /// With the type of the address: 4 or 6.
    @Export
    public int sock_getlocaladdr(
            Task task, GuestMemory memory, int fd, int address, int type, int port) {
        return put(memory, socket(task, fd).local(), address, type, port);
    }

    /// With the family in the buffer.
    @Export
    public int sock_getlocaladdr(Task task, GuestMemory memory, int fd, int address, int port) {
        return put(memory, socket(task, fd).local(), address, port);
    }

    /// As [#sock_getlocaladdr(Task, GuestMemory, int, int, int, int)].
    @Export
    public int sock_getpeeraddr(
            Task task, GuestMemory memory, int fd, int address, int type, int port) {
        return put(memory, socket(task, fd).peer(), address, type, port);
    }

    /// As [#sock_getlocaladdr(Task, GuestMemory, int, int, int)].
    @Export
    public int sock_getpeeraddr(Task task, GuestMemory memory, int fd, int address, int port) {
        return put(memory, socket(task, fd).peer(), address, port);
    }

    private static int put(
            GuestMemory memory, @Nullable InetSocketAddress name, int at, int type, int port) {
        int result = put(memory, name, at, port);
        if (name != null) memory.putInt(type, name.getAddress() instanceof Inet4Address ? 4 : 6);
        return result;
    }

    private static int put(GuestMemory memory, @Nullable InetSocketAddress name, int at, int port) {
        if (name == null) throw Errno.EAFNOSUPPORT.exception();
        Address.write(memory, at, name.getAddress());
        memory.putInt(port, name.getPort());
        return WasiErrno.SUCCESS;
    }
}
