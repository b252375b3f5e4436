package podium.engine.jvm.runtime;

import java.lang.foreign.MemorySegment;
import podium.engine.MemoryImage;

/// A reserved stretch of address space whose pages read as zeros until they are written.
interface Mapping extends AutoCloseable {

    /// Reserves address space.
    ///
    /// @throws podium.engine.OutOfMemoryException there is not enough
    static Mapping reserve(long size) {
        return PosixMapping.available() ? new PosixMapping(size) : new FileMapping(size);
    }

    long address();

    /// The first `size` bytes; inaccessible once the mapping is closed.
    MemorySegment segment(long size);

    /// Lays an image's content over the start, privately.
    void load(MemoryImage image);

    /// Bytes of pages that are neither untouched nor shared with an image.
    long resident(long size);

    @Override
    void close();
}
