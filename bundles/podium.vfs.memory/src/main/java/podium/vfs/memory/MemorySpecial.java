package podium.vfs.memory;

import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.backend.Frozen;

/// A FIFO, socket or device.
final class MemorySpecial extends MemoryNode implements Node.Special {

    private final long device;

    MemorySpecial(MemoryFileSystem fs, int mode, long device, int uid, int gid, boolean counted) {
        super(fs, Mode.type(mode), mode, uid, gid, counted);
        this.device = device;
    }

    MemorySpecial(MemoryFileSystem fs, Frozen was, boolean counted) {
        super(fs, was, counted);
        device = was.attributes().device();
    }

    @Override
    Frozen frozenNow() {
        return Frozen.other(attributes(), "");
    }

    @Override
    long device() {
        return device;
    }
}
