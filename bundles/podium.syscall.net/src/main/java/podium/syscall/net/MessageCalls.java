package podium.syscall.net;

import static podium.syscall.net.SocketConstants.*;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.SignalInfo;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// The system calls that send and receive.
@Component
public final class MessageCalls implements SyscallFamily {

    private static final int SI_USER = 0;

    /// The most messages of one sendmmsg(2), UIO_MAXIOV.
    private static final int MESSAGES = 1024;

    /// sizeof(struct mmsghdr): a msghdr and a length.
    private static final int MMSGHDR = MessageHeader.SIZE + 4;

    @Activate
    public MessageCalls() {}

    @Override
    public String module() {
        return "linux";
    }

    /// sendto(2).
    @Export
    public int sendto(
            Task task, int fd, int buffer, int length, int flags, int address, int addressLength) {
        var socket = Networks.socket(task, fd);
        var message = new Message(task.memory().buffer(buffer, clamp(length)));
        if (address != 0) message.name = SockAddr.read(task.memory(), address, addressLength);
        return send(task, socket, message, flags);
    }

    /// sendmsg(2).
    @Export
    public int sendmsg(Task task, int fd, int header, int flags) {
        var socket = Networks.socket(task, fd);
        return send(task, socket, MessageHeader.outgoing(task, socket, header), flags);
    }

    /// sendmmsg(2): sends what it can without waiting after the first.
    @Export
    public int sendmmsg(Task task, int fd, int headers, int count, int flags) {
        var socket = Networks.socket(task, fd);
        int most = Integer.compareUnsigned(count, MESSAGES) > 0 ? MESSAGES : count;
        for (int sent = 0; sent < most; sent++) {
            int header = headers + sent * MMSGHDR;
            try {
                var message = MessageHeader.outgoing(task, socket, header);
                int n = send(task, socket, message, sent == 0 ? flags : flags | MSG_DONTWAIT);
                if (n < 0) return sent == 0 ? n : sent;
                task.memory().putInt(header + MessageHeader.SIZE, n);
            } catch (ErrnoException e) {
                if (sent == 0) throw e;
                return sent;
            }
        }
        return most;
    }

    private static int send(Task task, Socket socket, Message message, int flags) {
        message.task = task;
        message.flags = flags;
        try {
            int n = socket.send(message);
            if (n == Errno.EPIPE.negated() && (flags & MSG_NOSIGNAL) == 0 && !datagrams(socket))
                task.signals().send(new SignalInfo(SIGPIPE, SI_USER, task.process().pid(), 0, 0));
            if (!Streams.wouldBlock(n)) return n;
        } finally {
            if (message.rights != null) message.rights.drop();
        }
        if (!mayWait(task, socket, flags)) return Errno.EAGAIN.negated();
        Pollable room = socket instanceof UnixDatagramSocket unix ? unix.room() : socket;
        return task.block(room, Pollable.OUT, socket.options.sendTimeout);
    }

    private static boolean datagrams(Socket socket) {
        return socket.type == SOCK_DGRAM;
    }

    private static boolean mayWait(Task task, Socket socket, int flags) {
        return !socket.nonBlocking() && (flags & MSG_DONTWAIT) == 0 && !task.timedOut();
    }

    /// recvfrom(2).
    @Export
    public int recvfrom(
            Task task, int fd, int buffer, int length, int flags, int address, int addressLength) {
        var socket = Networks.socket(task, fd);
        var message = new Message(task.memory().buffer(buffer, clamp(length)));
        int n = receive(task, socket, message, flags);
        if (message.rights != null) message.rights.drop();
        if (n >= 0 && address != 0) {
            if (message.name != null)
                SockAddr.write(task.memory(), message.name, socket.domain, address, addressLength);
            else task.memory().putInt(addressLength, 0);
        }
        return n;
    }

    /// recvmsg(2).
    @Export
    public int recvmsg(Task task, int fd, int header, int flags) {
        var socket = Networks.socket(task, fd);
        return receive(task, socket, header, flags);
    }

    private static int receive(Task task, Socket socket, int header, int flags) {
        var message = new Message(MessageHeader.vectors(task.memory(), header));
        int n = receive(task, socket, message, flags);
        if (n >= 0) MessageHeader.received(task, socket, message, header);
        return n;
    }

    /// recvmmsg(2) with 64-bit time. The time-out counts for the wait before the first message.
    @Export("recvmmsg_time64")
    public int recvmmsg(Task task, int fd, int headers, int count, int flags, int timeout) {
        var socket = Networks.socket(task, fd);
        int most = Integer.compareUnsigned(count, MESSAGES) > 0 ? MESSAGES : count;
        long nanos = timeout == 0 ? Task.FOREVER : nanoseconds(task.memory(), timeout);
        for (int got = 0; got < most; got++) {
            int header = headers + got * MMSGHDR;
            boolean wait = got == 0 || (flags & MSG_WAITFORONE) == 0;
            try {
                int n = receive(task, socket, header, flags | MSG_DONTWAIT);
                if (n < 0) {
                    if (got > 0) return got;
                    if (!Streams.wouldBlock(n) || !wait || !mayWait(task, socket, flags)) return n;
                    return task.block(socket, Pollable.IN, nanos);
                }
                task.memory().putInt(header + MessageHeader.SIZE, n);
            } catch (ErrnoException e) {
                if (got == 0) throw e;
                return got;
            }
        }
        return most;
    }

    private static long nanoseconds(GuestMemory memory, int timespec) {
        long seconds = memory.getLong(timespec);
        long nanos = memory.getLong(timespec + 8);
        if (seconds < 0 || nanos < 0 || nanos >= 1_000_000_000) throw Errno.EINVAL.exception();
        return seconds > Task.FOREVER / 1_000_000_000 - 1
                ? Task.FOREVER
                : seconds * 1_000_000_000 + nanos;
    }

    private static int receive(Task task, Socket socket, Message message, int flags) {
        message.task = task;
        message.flags = flags;
        if ((flags & MSG_ERRQUEUE) != 0) return Errno.EAGAIN.negated();
        var stream = socket.stream();
        if ((flags & MSG_WAITALL) != 0 && stream != null && mayWait(task, socket, flags)) {
            long wanted = message.remaining();
            if (!stream.filled(wanted))
                return task.block(
                        Streams.filled(socket, stream, wanted),
                        Pollable.IN,
                        socket.options.receiveTimeout);
        }
        int n = socket.receive(message);
        if (!Streams.wouldBlock(n) || !mayWait(task, socket, flags)) return n;
        return task.block(socket, Pollable.IN, socket.options.receiveTimeout);
    }

    /// Linux transfers at most this much at once (MAX_RW_COUNT); it also keeps sums in an int.
    private static int clamp(int length) {
        return length < 0 ? 0x7fff_f000 : Math.min(length, 0x7fff_f000);
    }
}
