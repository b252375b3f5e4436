package podium.syscall.wasi.sockets;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.Sockets;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.wasi.abi.WasiErrno;

/// getaddrinfo(3), with errors of its own.
@Component(service = SyscallFamily.class)
public final class NameCalls extends ExtensionFamily {

    private static final int AI_AGAIN = 78;
    private static final int AI_BADFLAGS = 79;
    private static final int AI_FAMILY = 81;
    private static final int AI_MEMORY = 82;
    private static final int AI_NONAME = 84;
    private static final int AI_SERVICE = 85;
    private static final int AI_SOCKTYPE = 86;

    private static final int PASSIVE = 1;
    private static final int NUMERIC_HOST = 4;
    private static final int NUMERIC_SERVICE = 8;
    private static final int FLAGS = 127;

    /// The longest name of a host, and of a service.
    private static final int LONGEST = 255;

    /// Services that have a name without a file that says so.
    private static final Map<String, Integer> SERVICES =
            Map.of("domain", 53, "http", 80, "https", 443, "ssh", 22, "smtp", 25, "ftp", 21);

    private final Sockets sockets;

    @Activate
    public NameCalls(@Reference Sockets sockets) {
        this.sockets = sockets;
    }

    /// @param results the address of that of the first `__wasi_addrinfo_t` of a list
    @Export
    public int sock_getaddrinfo(
            Task task,
            GuestMemory memory,
            int node,
            int nodeLength,
            int service,
            int serviceLength,
            int hints,
            int results,
            int most,
            int count) {
        memory.slice(count, 4);
        if (most < 1) return AI_MEMORY;
        var wanted = AddressInfo.Wanted.read(memory, hints);
        var host = text(memory, node, nodeLength);
        var port = text(memory, service, serviceLength);
        if (host.isEmpty() && port.isEmpty()) return AI_NONAME;
        if ((wanted.flags() & ~FLAGS) != 0) return AI_BADFLAGS;
        if (!wanted.knowsFamily()) return AI_FAMILY;
        if (!wanted.knowsType()) return AI_SOCKTYPE;
        int number = port(port, (wanted.flags() & NUMERIC_SERVICE) != 0);
        if (number < 0) return AI_SERVICE;
        var addresses = addresses(host, wanted);
        if (addresses == null) {
            var lookup =
                    task.kept() instanceof Sockets.Lookup begun
                            ? begun
                            : sockets.lookUp(task, host);
            if ((lookup.readiness() & Pollable.IN) == 0) {
                task.keep(lookup);
                return task.block(lookup, Pollable.IN);
            }
            addresses = found(lookup);
            if (addresses == null) return AI_AGAIN;
        }
        var list = new AddressInfo(memory, memory.getInt(results), most);
        for (var address : addresses) list.add(address, number, wanted, host);
        if (list.count() == 0) return AI_NONAME;
        memory.putInt(count, list.count());
        return WasiErrno.SUCCESS;
    }

    /// What a program gives with its length; some count the NUL at the end, too.
    private static String text(GuestMemory memory, int address, int length) {
        if (length == 0) return "";
        if (length < 0 || length > LONGEST + 1) throw Errno.ENAMETOOLONG.exception();
        var text = memory.string(address, length);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /// @return -1 when there is no such service
    private static int port(String service, boolean numeric) {
        if (service.isEmpty()) return 0;
        if (service.chars().allMatch(c -> c >= '0' && c <= '9') && service.length() <= 5) {
            int port = Integer.parseInt(service);
            return port < 65_536 ? port : -1;
        }
        return numeric ? -1 : SERVICES.getOrDefault(service, -1);
    }

    /// What needs no asking.
    ///
    /// @return null for a name that is to be looked up
    private static @Nullable List<InetAddress> addresses(String host, AddressInfo.Wanted wanted) {
        if (host.isEmpty()) return none((wanted.flags() & PASSIVE) != 0);
        var literal = literal(host);
        if (literal != null) return List.of(literal);
        return (wanted.flags() & NUMERIC_HOST) != 0 ? List.of() : null;
    }

    /// @return null when too much is asked at once
    private static @Nullable List<InetAddress> found(Sockets.Lookup lookup) {
        try {
            return lookup.addresses();
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EAGAIN) throw e;
            return null;
        }
    }

    /// Where a socket without a host is bound, or connected to.
    private static List<InetAddress> none(boolean passive) {
        var four = new byte[4];
        var six = new byte[16];
        if (!passive) {
            four[0] = 127;
            four[3] = 1;
            six[15] = 1;
        }
        return List.of(Address.address(four), Address.address(six));
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null; // a name
        }
    }
}
