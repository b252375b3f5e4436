package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A file of a [Disk]. Thread-safe.
public interface DiskFile extends AutoCloseable {

    /// Fills the rest of a buffer.
    ///
    /// @throws java.io.EOFException there is less
    void read(ByteBuffer into, long position) throws IOException;

    /// Writes the rest of a buffer.
    ///
    /// @throws NoSpaceException the disk is full; a part may have been written
    void write(ByteBuffer from, long position) throws IOException;

    long size() throws IOException;

    /// Makes content and size durable.
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
