package podium.syscall;

import java.lang.foreign.MemorySegment;
import podium.engine.Memory;
import podium.engine.MemoryType;

/// A memory of the test's own. It grows into a longer view of the same bytes, as an engine's does.
final class HeapMemory implements Memory {

    private final MemorySegment whole;
    private int pages;

    HeapMemory(int pages, int maximum) {
        this.whole = java.lang.foreign.Arena.ofAuto().allocate((long) maximum * MemoryType.PAGE, 8);
        this.pages = pages;
    }

    @Override
    public MemoryType type() {
        return new MemoryType(0, (int) (whole.byteSize() / MemoryType.PAGE), false);
    }

    @Override
    public int pages() {
        return pages;
    }

    @Override
    public int grow(int delta) {
        int before = pages;
        pages += delta;
        return before;
    }

    @Override
    public MemorySegment segment() {
        return whole.asSlice(0, size());
    }

    @Override
    public long resident() {
        return size();
    }

    @Override
    public void close() {}
}
