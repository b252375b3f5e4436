package podium.vfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.vfs.image.bytes.Bytes;

/// A content that lies in its source as it is, from a position on.
record PlainContent(Bytes bytes, long start, long size) implements Content {

    private static final Logger LOG = LoggerFactory.getLogger(PlainContent.class);

    @Override
    public int read(ByteBuffer into, long position) {
        if (position >= size) return 0;
        int wanted = (int) Math.min(into.remaining(), size - position);
        read(bytes, start + position, into, wanted);
        return wanted;
    }

    /// Reads exactly so much.
    ///
    /// @throws podium.syscall.ErrnoException `EIO`
    static void read(Bytes bytes, long position, ByteBuffer into, int wanted) {
        int limit = into.limit();
        into.limit(into.position() + wanted);
        try {
            if (bytes.read(into, position) == wanted) return;
            LOG.error("an image has become shorter");
        } catch (IOException e) {
            LOG.error("cannot read an image: {}", e.getMessage());
        } finally {
            into.limit(limit);
        }
        throw Errno.EIO.exception();
    }
}
