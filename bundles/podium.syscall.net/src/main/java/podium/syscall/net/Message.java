package podium.syscall.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Task;

/// What one sendmsg(2) or recvmsg(2) carries. Used by one thread.
final class Message {

    /// The guest's buffers, in order.
    final ByteBuffer[] data;

    /// `MSG_*` as the guest gave them.
    int flags;

    /// Who calls; null for read(2) and write(2).
    @Nullable Task task;

    /// Destination when sending (null for the connected peer), source when received.
    @Nullable SocketName name;

    /// Files that go along; set to null by who takes them over.
    @Nullable Rights rights;

    /// The sender (SCM_CREDENTIALS), when known.
    @Nullable Sender sender;

    /// `MSG_TRUNC` and the like, for `msg_flags`.
    int resultFlags;

    /// Length of the datagram that was received, even when it was cut off.
    int fullLength;

    /// Who sent something over an AF_UNIX socket.
    record Sender(int pid, Credentials credentials) {

        static Sender of(Task task) {
            return new Sender(task.process().pid(), task.process().credentials());
        }
    }

    Message(ByteBuffer... data) {
        this.data = data;
    }

    static Message of(ByteBuffer data) {
        return new Message(data);
    }

    boolean peek() {
        return (flags & SocketConstants.MSG_PEEK) != 0;
    }

    /// Room or bytes left in the buffers.
    long remaining() {
        long sum = 0;
        for (var buffer : data) sum += buffer.remaining();
        return sum;
    }

    /// Copies the bytes to send out of the guest.
    byte[] gather() {
        var bytes = new byte[(int) remaining()];
        int at = 0;
        for (var buffer : data) {
            int n = buffer.remaining();
            buffer.get(bytes, at, n);
            at += n;
        }
        return bytes;
    }

    /// Copies a datagram into the guest, cut off at the room there is.
    ///
    /// @return what recvmsg(2) returns
    int scatter(byte[] bytes) {
        int at = 0;
        for (var buffer : data) {
            int n = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, n);
            at += n;
        }
        fullLength = bytes.length;
        if (at < bytes.length) resultFlags |= SocketConstants.MSG_TRUNC;
        return (flags & SocketConstants.MSG_TRUNC) != 0 ? bytes.length : at;
    }
}
