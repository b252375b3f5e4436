package podium.kernel;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import podium.syscall.Clock;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// A process's standard descriptor, over a stream of the host's: a pipe to the guest, or a
/// terminal.
abstract class StreamFile extends OpenFile {

    private static final AtomicLong INODES = new AtomicLong(0x1_0000_0000L);

    private final Attributes pipe =
            Attributes.of(INODES.getAndIncrement(), Mode.FIFO | 0600, 0, 0, Clock.realtime());
    private final int number;
    private volatile @Nullable Terminal terminal;

    /// @param number of the descriptor it is at first
    StreamFile(int number, int flags) {
        super(flags);
        this.number = number;
    }

    final int number() {
        return number;
    }

    final void setTerminal(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public final int ioctl(Task task, int request, int argument) {
        var terminal = this.terminal;
        return terminal == null
                ? super.ioctl(task, request, argument)
                : terminal.ioctl(task, request, argument);
    }

    @Override
    public final Attributes attributes() {
        return terminal == null ? pipe : Terminal.attributes(pipe);
    }

    @Override
    public final String description() {
        return terminal == null ? "pipe:[" + pipe.inode() + "]" : "/dev/tty";
    }
}
