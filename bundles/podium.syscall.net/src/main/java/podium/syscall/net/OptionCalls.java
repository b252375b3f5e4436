package podium.syscall.net;

import static podium.syscall.net.SocketConstants.*;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// getsockopt(2) and setsockopt(2). Options that mean something inside a pod act; the tuning knobs
/// of a real network are kept and read back; the rest is `ENOPROTOOPT`.
@Component
public final class OptionCalls implements SyscallFamily {

    static final int SO_REUSEADDR = 2;
    static final int SO_TYPE = 3;
    static final int SO_ERROR = 4;
    static final int SO_DONTROUTE = 5;
    static final int SO_BROADCAST = 6;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_KEEPALIVE = 9;
    static final int SO_OOBINLINE = 10;
    static final int SO_PRIORITY = 12;
    static final int SO_LINGER = 13;
    static final int SO_REUSEPORT = 15;
    static final int SO_PASSCRED = 16;
    static final int SO_PEERCRED = 17;
    static final int SO_RCVLOWAT = 18;
    static final int SO_RCVTIMEO_OLD = 20;
    static final int SO_SNDTIMEO_OLD = 21;
    static final int SO_ACCEPTCONN = 30;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_PROTOCOL = 38;
    static final int SO_DOMAIN = 39;
    static final int SO_RCVTIMEO_NEW = 66;
    static final int SO_SNDTIMEO_NEW = 67;

    static final int TCP_NODELAY = 1;
    static final int IPV6_V6ONLY = 26;

    @Activate
    public OptionCalls() {}

    @Override
    public String module() {
        return "linux";
    }

    /// setsockopt(2).
    @Export
    public int setsockopt(Task task, int fd, int level, int name, int value, int length) {
        set(Networks.socket(task, fd), task.memory(), level, name, value, length);
        return 0;
    }

    static void set(Socket socket, GuestMemory memory, int level, int name, int value, int length) {
        if (length < 0) throw Errno.EINVAL.exception();
        var in = new Value(memory, value, length);
        if (level == SOL_SOCKET) setSocket(socket, name, in);
        else if (internet(socket)) setInternet(socket, level, name, in);
        else throw Errno.EOPNOTSUPP.exception();
        socket.optionChanged(level, name);
    }

    private static boolean internet(Socket socket) {
        return socket.domain == AF_INET || socket.domain == AF_INET6;
    }

    private static void setSocket(Socket socket, int name, Value in) {
        var options = socket.options;
        switch (name) {
            case SO_REUSEADDR -> options.reuseAddress = in.flag();
            case SO_REUSEPORT -> options.reusePort = in.flag();
            case SO_BROADCAST -> options.broadcast = in.flag();
            case SO_KEEPALIVE -> options.keepAlive = in.flag();
            case SO_PASSCRED -> options.passCredentials = in.flag();
            case SO_SNDBUF, SO_SNDBUFFORCE -> options.sendBuffer = buffer(in.number());
            case SO_RCVBUF, SO_RCVBUFFORCE -> options.receiveBuffer = buffer(in.number());
            case SO_LINGER -> options.linger = in.number() == 0 ? -1 : Math.max(0, in.number(4));
            case SO_RCVTIMEO_OLD -> options.receiveTimeout = in.time(4);
            case SO_SNDTIMEO_OLD -> options.sendTimeout = in.time(4);
            case SO_RCVTIMEO_NEW -> options.receiveTimeout = in.time(8);
            case SO_SNDTIMEO_NEW -> options.sendTimeout = in.time(8);
            case SO_DONTROUTE, SO_OOBINLINE, SO_PRIORITY, SO_RCVLOWAT ->
                    options.others.put(key(SOL_SOCKET, name), in.number());
            case SO_TYPE, SO_ERROR, SO_ACCEPTCONN, SO_PROTOCOL, SO_DOMAIN, SO_PEERCRED ->
                    throw Errno.ENOPROTOOPT.exception();
            default -> throw Errno.ENOPROTOOPT.exception();
        }
    }

    /// Linux doubles what is asked for, for its bookkeeping, and shows the double.
    private static int buffer(int wanted) {
        long twice = 2L * Math.max(0, wanted);
        return Math.clamp(twice, SocketOptions.MIN_BUFFER, SocketOptions.MAX_BUFFER);
    }

    private static void setInternet(Socket socket, int level, int name, Value in) {
        if (level == IPPROTO_TCP && name == TCP_NODELAY && socket.type == SOCK_STREAM) {
            socket.options.noDelay = in.flag();
        } else if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY) {
            if (socket.domain != AF_INET6) throw Errno.ENOPROTOOPT.exception();
            boolean only = in.flag();
            var bound = (SocketName.Inet) socket.localName();
            if (bound.port() != 0) throw Errno.EINVAL.exception();
            socket.options.onlySix = only;
        } else {
            int byDefault = InternetOptions.byDefault(socket, level, name);
            socket.options.others.put(key(level, name), in.anyNumber(byDefault));
        }
    }

    private static long key(int level, int name) {
        return (long) level << 32 | name;
    }

    /// getsockopt(2).
    @Export
    public int getsockopt(Task task, int fd, int level, int name, int value, int lengthAddress) {
        var socket = Networks.socket(task, fd);
        int room = task.memory().getInt(lengthAddress);
        int length = get(socket, task.memory(), level, name, value, room);
        task.memory().putInt(lengthAddress, length);
        return 0;
    }

    /// @return the value's length
    static int get(Socket socket, GuestMemory memory, int level, int name, int value, int room) {
        if (room < 0) throw Errno.EINVAL.exception();
        var out = new Answer(memory, value, room);
        if (level == SOL_SOCKET) getSocket(socket, name, out);
        else if (internet(socket)) getInternet(socket, level, name, out);
        else throw Errno.EOPNOTSUPP.exception();
        return out.length;
    }

    private static void getSocket(Socket socket, int name, Answer out) {
        var options = socket.options;
        switch (name) {
            case SO_REUSEADDR -> out.flag(options.reuseAddress);
            case SO_REUSEPORT -> out.flag(options.reusePort);
            case SO_BROADCAST -> out.flag(options.broadcast);
            case SO_KEEPALIVE -> out.flag(options.keepAlive);
            case SO_PASSCRED -> out.flag(options.passCredentials);
            case SO_SNDBUF -> out.numbers(shown(options.sendBuffer));
            case SO_RCVBUF -> out.numbers(shown(options.receiveBuffer));
            case SO_LINGER -> out.numbers(options.linger < 0 ? 0 : 1, Math.max(0, options.linger));
            case SO_RCVTIMEO_OLD -> out.time(options.receiveTimeout, 4);
            case SO_SNDTIMEO_OLD -> out.time(options.sendTimeout, 4);
            case SO_RCVTIMEO_NEW -> out.time(options.receiveTimeout, 8);
            case SO_SNDTIMEO_NEW -> out.time(options.sendTimeout, 8);
            case SO_TYPE -> out.numbers(socket.type);
            case SO_DOMAIN -> out.numbers(socket.domain);
            case SO_PROTOCOL -> out.numbers(socket.protocol);
            case SO_ACCEPTCONN -> out.flag(socket.listening());
            case SO_ERROR -> {
                var error = socket.takeError();
                out.numbers(error == null ? 0 : error.number());
            }
            case SO_PEERCRED -> peerCredentials(socket, out);
            case SO_DONTROUTE, SO_OOBINLINE, SO_PRIORITY ->
                    out.numbers(options.others.getOrDefault(key(SOL_SOCKET, name), 0));
            case SO_RCVLOWAT -> out.numbers(options.others.getOrDefault(key(SOL_SOCKET, name), 1));
            default -> throw Errno.ENOPROTOOPT.exception();
        }
    }

    private static int shown(int buffer) {
        return buffer > 0 ? buffer : SocketOptions.DEFAULT_BUFFER;
    }

    private static void peerCredentials(Socket socket, Answer out) {
        var peer = socket instanceof UnixSocket unix ? unix.peerSender : null;
        if (peer == null) out.numbers(0, -1, -1);
        else out.numbers(peer.pid(), peer.credentials().uid(), peer.credentials().gid());
    }

    private static void getInternet(Socket socket, int level, int name, Answer out) {
        if (level == IPPROTO_TCP && name == TCP_NODELAY && socket.type == SOCK_STREAM)
            out.flag(socket.options.noDelay);
        else if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && socket.domain == AF_INET6)
            out.flag(socket.options.onlySix);
        else {
            int byDefault = InternetOptions.byDefault(socket, level, name);
            out.numbers(socket.options.others.getOrDefault(key(level, name), byDefault));
        }
    }

    /// What a guest sets.
    private record Value(GuestMemory memory, int address, int length) {

        int number() {
            return number(0);
        }

        int number(int offset) {
            if (length < offset + 4) throw Errno.EINVAL.exception();
            return memory.getInt(address + offset);
        }

        boolean flag() {
            return number() != 0;
        }

        /// IP options may be a single byte; structures are not looked into.
        int anyNumber(int byDefault) {
            if (length == 0) return byDefault;
            return length < 4 ? memory.getByte(address) & 0xff : memory.getInt(address);
        }

        /// `struct timeval` of two words of a size; zero means no time-out.
        long time(int word) {
            if (length < 2 * word) throw Errno.EINVAL.exception();
            long seconds = word == 8 ? memory.getLong(address) : memory.getInt(address);
            long micros = word == 8 ? memory.getLong(address + 8) : memory.getInt(address + 4);
            if (micros < 0 || micros >= 1_000_000) throw Errno.EDOM.exception();
            if (seconds < 0) return 0;
            if ((seconds == 0 && micros == 0) || seconds > Task.FOREVER / 1_000_000_000 - 1)
                return Task.FOREVER;
            return seconds * 1_000_000_000 + micros * 1_000;
        }
    }

    /// What a guest gets, cut off at the room it has.
    private static final class Answer {

        private final GuestMemory memory;
        private final int address;
        private final int room;
        private int length;

        Answer(GuestMemory memory, int address, int room) {
            this.memory = memory;
            this.address = address;
            this.room = room;
        }

        void flag(boolean on) {
            numbers(on ? 1 : 0);
        }

        void numbers(int... numbers) {
            var bytes = java.nio.ByteBuffer.allocate(numbers.length * 4);
            bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN);
            for (int number : numbers) bytes.putInt(number);
            write(bytes.array());
        }

        void time(long nanos, int word) {
            long seconds = nanos == Task.FOREVER ? 0 : nanos / 1_000_000_000;
            long micros = nanos == Task.FOREVER ? 0 : nanos / 1_000 % 1_000_000;
            if (word == 4) {
                numbers((int) seconds, (int) micros);
                return;
            }
            var bytes = java.nio.ByteBuffer.allocate(16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            write(bytes.putLong(seconds).putLong(micros).array());
        }

        private void write(byte[] bytes) {
            SockAddr.copy(memory, bytes, address, room);
            length = Math.min(room, bytes.length);
        }
    }
}
