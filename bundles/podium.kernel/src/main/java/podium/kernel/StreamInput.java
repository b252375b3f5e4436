package podium.kernel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// A process's descriptor 0, over a stream of the host's: a pipe to the guest, or a terminal.
final class StreamInput extends OpenFile {

    private final InputPump pump;
    private final Attributes attributes;
    private @Nullable Terminal terminal;

    StreamInput(InputPump pump) {
        super(O_RDONLY);
        this.pump = pump;
        attributes = StreamOutput.attributes(Mode.FIFO | 0600);
    }

    void setTerminal(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int read(ByteBuffer into) {
        return pump.read(into);
    }

    @Override
    public int write(ByteBuffer from) {
        return Errno.EBADF.negated();
    }

    @Override
    public int ioctl(Task task, int request, int argument) {
        var terminal = this.terminal;
        return terminal == null
                ? super.ioctl(task, request, argument)
                : terminal.ioctl(task, request, argument);
    }

    @Override
    protected void closed() {
        pump.close();
    }

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
        return pump.readiness();
    }

    @Override
    public void watch(Watcher watcher) {
        pump.watchers().add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        pump.watchers().remove(watcher);
    }
}
