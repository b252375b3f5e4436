package podium.vfs.image.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Bytes as a stream.
final class BytesStream extends InputStream {

    private final Bytes bytes;
    private long position;

    BytesStream(Bytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) return 0;
        int count = bytes.read(ByteBuffer.wrap(into, from, length), position);
        position += count;
        return count == 0 ? -1 : count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, bytes.size() - position));
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, bytes.size() - position);
    }
}
