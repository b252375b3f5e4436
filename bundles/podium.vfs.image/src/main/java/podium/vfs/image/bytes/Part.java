package podium.vfs.image.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A part of other bytes, which are not its to close.
record Part(Bytes of, long start, long size) implements Bytes {

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        if (position >= size) return 0;
        int limit = into.limit();
        if (into.remaining() > size - position)
            into.limit(into.position() + (int) (size - position));
        try {
            return of.read(into, start + position);
        } finally {
            into.limit(limit);
        }
    }
}
