package podium.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.values.reference.V8ValueArrayBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.OutOfMemoryException;

/// A `WebAssembly.Memory`: V8 reserves its maximum, so it stays where it is.
///
/// Its size is asked for where nobody is disturbed by the question, and else the last known one: a
/// guest that computes may grow it at any time.
final class V8Memory implements Memory {

    /// A memory is made with at most this many pages, and grows to what is wanted: only of one
    /// below
    /// 2 GiB Java can be told the address.
    private static final int FIRST = 1 << 14;

    private final Isolate isolate;
    private final MemoryType type;
    private final int number;
    private final long address;
    private final Arena arena = Arena.ofShared();
    private volatile MemorySegment segment;
    private volatile boolean closed;

    /// Makes a memory. It is a user of the isolate.
    ///
    /// @param pages size to begin with, at least the type's minimum
    /// @throws OutOfMemoryException there is no room for it
    V8Memory(Isolate isolate, MemoryType type, int pages) {
        this.isolate = isolate;
        this.type = type;
        int first = Math.min(pages, FIRST);
        number = isolate.inside(() -> make(first));
        address = isolate.inside(this::address);
        segment = view((long) first * MemoryType.PAGE);
        isolate.retain();
        if (pages > first && grow(pages - first) < 0) {
            close();
            throw noRoom(pages);
        }
    }

    private int make(int pages) throws JavetException {
        var made = isolate.numberOrProblem("memory", pages, type.maximum(), type.shared());
        if (made instanceof Integer number) return number;
        throw noRoom(pages);
    }

    private OutOfMemoryException noRoom(int pages) {
        return new OutOfMemoryException(
                "no room for a memory of " + pages + " to " + type.maximum() + " pages");
    }

    private long address() throws JavetException {
        try (V8ValueArrayBuffer buffer = isolate.value("buffer", number)) {
            return MemorySegment.ofBuffer(buffer.getByteBuffer()).address();
        }
    }

    private MemorySegment view(long size) {
        return MemorySegment.ofAddress(address).reinterpret(size, arena, null);
    }

    Isolate isolate() {
        return isolate;
    }

    int number() {
        return number;
    }

    @Override
    public MemoryType type() {
        return type;
    }

    @Override
    public int pages() {
        return (int) (segment().byteSize() / MemoryType.PAGE);
    }

    @Override
    public long size() {
        return segment().byteSize();
    }

    @Override
    public int grow(int delta) {
        int before = isolate.inside(() -> isolate.integer("grow", number, delta));
        if (before >= 0) segment();
        return before;
    }

    @Override
    public MemorySegment segment() {
        var pages = closed ? null : isolate.insideIfFree(() -> isolate.integer("pages", number));
        if (pages == null) return segment;
        long size = (long) pages * MemoryType.PAGE;
        synchronized (this) {
            if (size > segment.byteSize()) segment = view(size);
            return segment;
        }
    }

    @Override
    public long resident() {
        return Residency.of(segment);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        arena.close();
        isolate.release();
    }

    @Override
    public String toString() {
        return "memory of " + segment.byteSize() + " bytes";
    }
}
