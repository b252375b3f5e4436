package podium.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import podium.syscall.Errno;

/// A process's descriptor 1 or 2. What the guest writes is handed on and flushed before its call
/// returns.
final class StreamOutput extends StreamFile {

    private static final int PORTION = 65_536;

    private final OutputStream stream;

    /// The one that keeps portions of several writers apart: the stream, which others may share.
    private final Object lock;

    StreamOutput(int number, OutputStream stream) {
        super(number, O_WRONLY);
        this.stream = stream;
        lock = stream;
    }

    @Override
    public int read(ByteBuffer into) {
        return Errno.EBADF.negated();
    }

    @Override
    public int write(ByteBuffer from) {
        var portion = new byte[Math.min(from.remaining(), PORTION)];
        int written = 0;
        synchronized (lock) {
            try {
                while (from.hasRemaining()) {
                    int count = Math.min(from.remaining(), PORTION);
                    from.get(portion, 0, count);
                    stream.write(portion, 0, count);
                    written += count;
                }
                stream.flush();
            } catch (IOException e) {
                return Errno.EPIPE.negated(); // the reader has gone
            }
        }
        return written;
    }

    @Override
    protected void closed() {}

    @Override
    public int readiness() {
        return OUT;
    }
}
