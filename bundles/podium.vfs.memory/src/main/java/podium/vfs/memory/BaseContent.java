package podium.vfs.memory;

import java.nio.ByteBuffer;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Node;
import podium.vfs.backend.Frozen;

/// What a file's content was while it was still the base's.
record BaseContent(Node.Regular base) implements Frozen.Content {

    @Override
    public int read(ByteBuffer into, long position) {
        return base.read(into, position);
    }

    @Override
    public long seek(long position, boolean data) {
        try {
            return base.seek(position, data);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) return -1;
            throw e;
        }
    }
}
