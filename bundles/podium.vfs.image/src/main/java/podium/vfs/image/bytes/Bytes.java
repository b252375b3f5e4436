package podium.vfs.image.bytes;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Bytes at positions. They do not change while they are in use. Thread-safe.
public interface Bytes extends AutoCloseable {

    long size();

    /// Reads at a position, into what remains of the buffer.
    ///
    /// @param position not negative
    /// @return bytes read, as many as remain unless the end comes first; 0 at or behind it
    /// @throws IOException they cannot be read; one line for people
    int read(ByteBuffer into, long position) throws IOException;

    /// Ends their use; of a part, nothing.
    @Override
    default void close() throws IOException {}

    /// Exactly so many, in little-endian order.
    ///
    /// @throws EOFException there are not so many
    default ByteBuffer read(long position, int count) throws IOException {
        if (position < 0 || position > size() || count > size() - position)
            throw new EOFException("it is cut off: it ends at " + size() + " bytes");
        var buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        if (read(buffer, position) < count) throw new EOFException("it has become shorter");
        return buffer.flip();
    }

    /// A part of them.
    ///
    /// @throws EOFException it is not within them
    default Bytes part(long start, long length) throws IOException {
        if (start < 0 || length < 0 || start > size() || length > size() - start)
            throw new EOFException("it is cut off: it ends at " + size() + " bytes");
        return new Part(this, start, length);
    }

    /// All of them, one after the other. Closing the stream closes nothing else.
    default InputStream stream() {
        return new BytesStream(this);
    }
}
