package podium.syscall.fs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import podium.engine.Memory;
import podium.engine.MemoryType;

/// A linear memory without an engine.
final class TestMemory implements Memory {

    private final int pages;
    private final MemorySegment segment;

    TestMemory(int pages) {
        this.pages = pages;
        segment = Arena.ofAuto().allocate((long) pages * MemoryType.PAGE);
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
        return -1;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public long resident() {
        return size();
    }

    @Override
    public void close() {}
}
