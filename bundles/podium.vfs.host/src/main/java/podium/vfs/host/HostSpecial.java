package podium.vfs.host;

import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A FIFO, socket or device of the host's: only to be looked at. None is ever opened on the host. A
/// FIFO joins programs of the pod, as one on NFS joins those of one machine.
final class HostSpecial extends HostNode implements Node.Special {

    HostSpecial(HostFileSystem fs, Status first) {
        super(fs, first);
    }

    @Override
    public @Nullable OpenFile open(int flags) {
        return switch (first.type()) {
            case Mode.FIFO -> null;
            case Mode.SOCKET -> throw Errno.ENXIO.exception();
            // As on a mount with `nodev`.
            default -> throw Errno.EACCES.exception();
        };
    }
}
