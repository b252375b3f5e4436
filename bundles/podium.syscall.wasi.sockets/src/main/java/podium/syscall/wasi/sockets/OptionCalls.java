package podium.syscall.wasi.sockets;

import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.wasi.abi.WasiErrno;

/// Options of sockets (`__wasi_sock_opt_so_t`): Linux's, by other numbers.
@Component(service = SyscallFamily.class)
public final class OptionCalls extends ExtensionFamily {

    /// `__wasi_sock_opt_level_t`, and what Linux calls it.
    private static final int SOCKET_LEVEL = 0;

    private static final int SOL_SOCKET = 1;

    private static final int TYPE = 1;
    private static final int ERROR = 2;
    private static final int BIND_TO_DEVICE = 14;

    /// Linux's numbers, by the extension's: REUSEADDR, TYPE, ERROR, DONTROUTE, BROADCAST, SNDBUF,
    /// RCVBUF, KEEPALIVE, OOBINLINE, LINGER, RCVLOWAT, RCVTIMEO, SNDTIMEO, ACCEPTCONN. Times have
    /// words of 64 bits, as Linux's newer ones.
    private static final int[] LINUX = {2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 18, 66, 67, 30};

    @Export
    public int sock_setsockopt(
            Task task, GuestMemory memory, int fd, int level, int name, int value, int length) {
        socket(task, fd).setOption(memory, SOL_SOCKET, linux(level, name), value, length);
        return WasiErrno.SUCCESS;
    }

    @Export
    public int sock_getsockopt(
            Task task, GuestMemory memory, int fd, int level, int name, int value, int size) {
        var socket = socket(task, fd);
        int number = linux(level, name);
        int room = memory.getInt(size);
        if (room < 4) return WasiErrno.INVAL;
        memory.slice(value, 4);
        if (name == TYPE) {
            memory.putInt(value, socket.isStream() ? SocketCalls.STREAM : SocketCalls.DATAGRAM);
            memory.putInt(size, 4);
            return WasiErrno.SUCCESS;
        }
        memory.putInt(size, socket.option(memory, SOL_SOCKET, number, value, room));
        if (name == ERROR) memory.putInt(value, WasiErrno.of(-memory.getInt(value)));
        return WasiErrno.SUCCESS;
    }

    private static int linux(int level, int name) {
        if (level != SOCKET_LEVEL) throw Errno.EINVAL.exception();
        if (name == BIND_TO_DEVICE) throw Errno.ENOPROTOOPT.exception(); // a pod has one
        if (name < 0 || name >= LINUX.length) throw Errno.EINVAL.exception();
        return LINUX[name];
    }
}
