package podium.engine.jvm.runtime;

import java.lang.foreign.MemorySegment;
import podium.engine.MemoryImage;
import podium.engine.MemoryType;

/// A part of another memory, which it lives and ends with.
record WindowMapping(LinearMemory around, Mapping whole, long offset) implements Mapping {

    @Override
    public long address() {
        return whole.address() + offset;
    }

    @Override
    public MemorySegment segment(long size) {
        return around.segment().asSlice(offset, size);
    }

    @Override
    public void load(MemoryImage image) {
        image.copyTo(segment((long) image.pages() * MemoryType.PAGE));
    }

    /// Its pages are counted where it lies.
    @Override
    public long resident(long size) {
        return 0;
    }

    @Override
    public void close() {}
}
