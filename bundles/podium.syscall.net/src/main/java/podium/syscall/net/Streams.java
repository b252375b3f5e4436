package podium.syscall.net;

import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.syscall.Pollable;

/// Gathers and scatters over a connection's bytes.
final class Streams {

    private Streams() {}

    /// A transfer of one buffer, as of [podium.syscall.OpenFile].
    interface Transfer {

        int apply(ByteBuffer buffer);
    }

    /// Writes buffer after buffer, as far as there is room.
    static int write(Transfer transfer, Message message) {
        if (message.remaining() == 0) return transfer.apply(ByteBuffer.allocate(0));
        int sum = 0;
        for (var buffer : message.data) {
            if (!buffer.hasRemaining()) continue;
            int n = transfer.apply(buffer);
            if (n < 0) return sum > 0 ? sum : n;
            sum += n;
            if (buffer.hasRemaining()) break;
        }
        return sum;
    }

    /// Fills buffer after buffer, as far as there is something.
    ///
    /// recv(2) of nothing waits for something all the same; read(2) of nothing does not come here.
    static int read(Duplex stream, Transfer transfer, Message message) {
        if (message.remaining() == 0) return stream.filled(1) ? 0 : Errno.EAGAIN.negated();
        int sum = 0;
        for (var buffer : message.data) {
            if (!buffer.hasRemaining()) continue;
            int n = transfer.apply(buffer);
            if (n < 0) return sum > 0 ? sum : n;
            sum += n;
            if (buffer.hasRemaining() || message.rights != null) break;
        }
        return sum;
    }

    /// Looks at what a read would get.
    static int peek(Duplex stream, Message message) {
        int sum = 0;
        for (var buffer : message.data) {
            if (!buffer.hasRemaining()) continue;
            int n = stream.peek(buffer, sum);
            if (n < 0) return sum > 0 ? sum : n;
            sum += n;
            if (buffer.hasRemaining()) break;
        }
        return sum;
    }

    /// `IN`-ready when a number of bytes can be read at once, or no more will come (MSG_WAITALL).
    static Pollable filled(Socket socket, Duplex stream, long bytes) {
        return socket.waiters.pollable(() -> stream.filled(bytes) ? Pollable.IN : 0);
    }

    /// Whether an error says that the caller would have to wait.
    static boolean wouldBlock(int result) {
        return result == Errno.EAGAIN.negated();
    }
}
