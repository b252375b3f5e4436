package podium.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import podium.engine.Memory;
import podium.engine.MemoryType;

/// A linear memory without an engine, which does not grow: for tests of what reads and writes a
/// guest's memory.
public final class FixedMemory implements Memory {

    private final int pages;
    private final MemorySegment segment;

    /// @param pages of 64 KiB, all zeros
    public FixedMemory(int pages) {
        this.pages = pages;
        segment = Arena.ofAuto().allocate((long) pages * MemoryType.PAGE, 16);
    }

    @Override
    public MemoryType type() {
        return new MemoryType(pages, pages, true);
    }

    @Override
    public int pages() {
        return pages;
    }

    @Override
    public int grow(int delta) {
        return delta == 0 ? pages : -1;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public long resident() {
        return size();
    }

    /// Nothing: its bytes go with the last view of them.
    @Override
    public void close() {}
}
