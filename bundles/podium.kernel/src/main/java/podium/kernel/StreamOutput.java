package podium.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// A process's descriptor 1 or 2, over a stream of the host's: a pipe to the guest, or a terminal.
/// What the guest writes is handed on and flushed before its call returns.
final class StreamOutput extends OpenFile {

    private static final int PORTION = 65_536;
    private static final AtomicLong INODES = new AtomicLong(0x1_0000_0000L);

    private final OutputStream stream;
    private final Attributes attributes = attributes(Mode.FIFO | 0600);
    private volatile @Nullable Terminal terminal;

    /// The one that keeps portions of several writers apart: the stream, which others may share.
    private final Object lock;

    StreamOutput(OutputStream stream) {
        super(O_WRONLY);
        this.stream = stream;
        lock = stream;
    }

    static Attributes attributes(int mode) {
        long now = podium.syscall.Clock.realtime();
        return Attributes.of(INODES.getAndIncrement(), mode, 0, 0, now);
    }

    void setTerminal(Terminal terminal) {
        this.terminal = terminal;
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
    public int ioctl(Task task, int request, int argument) {
        var terminal = this.terminal;
        return terminal == null
                ? super.ioctl(task, request, argument)
                : terminal.ioctl(task, request, argument);
    }

    @Override
    protected void closed() {}

    @Override
    public Attributes attributes() {
        return terminal == null ? attributes : Terminal.attributes(attributes);
    }

    @Override
    public String description() {
        return terminal == null ? "pipe:[" + attributes.inode() + "]" : "/dev/tty";
    }

    @Override
    public int readiness() {
        return OUT;
    }
}
