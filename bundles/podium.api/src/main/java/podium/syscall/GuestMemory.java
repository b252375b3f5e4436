package podium.syscall;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import podium.engine.Memory;

/// A guest's linear memory as the kernel sees it: little-endian, bounds-checked. Addresses and
/// lengths are unsigned 32-bit numbers straight from the guest, and hostile; whatever does not lie
/// within the memory is `EFAULT`.
///
/// Made for one task; not thread-safe, though several tasks may each have one over the same memory.
public final class GuestMemory {

    /// The longest path, in bytes, with its NUL (linux/limits.h).
    public static final int PATH_MAX = 4096;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Memory memory;
    private MemorySegment segment;
    private @Nullable ByteBuffer buffer;

    public GuestMemory(Memory memory) {
        this.memory = memory;
        refresh();
    }

    /// The engine's memory below.
    public Memory memory() {
        return memory;
    }

    /// Current size in bytes.
    public long size() {
        return memory.size();
    }

    public byte getByte(int address) {
        long at = check(address, 1);
        return segment.get(BYTE, at);
    }

    public short getShort(int address) {
        long at = check(address, 2);
        return segment.get(SHORT, at);
    }

    public int getInt(int address) {
        long at = check(address, 4);
        return segment.get(INT, at);
    }

    public long getLong(int address) {
        long at = check(address, 8);
        return segment.get(LONG, at);
    }

    public void putByte(int address, byte value) {
        long at = check(address, 1);
        segment.set(BYTE, at, value);
    }

    public void putShort(int address, short value) {
        long at = check(address, 2);
        segment.set(SHORT, at, value);
    }

    public void putInt(int address, int value) {
        long at = check(address, 4);
        segment.set(INT, at, value);
    }

    public void putLong(int address, long value) {
        long at = check(address, 8);
        segment.set(LONG, at, value);
    }

    /// A view of some bytes, without a copy.
    ///
    /// @param length unsigned
    public MemorySegment slice(int address, int length) {
        long start = check(address, Integer.toUnsignedLong(length));
        return segment.asSlice(start, Integer.toUnsignedLong(length));
    }

    /// A little-endian view of some bytes, without a copy.
    ///
    /// @param length a length of 2 GiB or more is `EFAULT`, as no single transfer is that long
    public ByteBuffer buffer(int address, int length) {
        if (length < 0) throw Errno.EFAULT.exception();
        long start = check(address, length);
        var whole = buffer;
        if (whole != null && start + length <= whole.capacity())
            return whole.slice((int) start, length).order(ByteOrder.LITTLE_ENDIAN);
        return segment.asSlice(start, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Copies bytes out.
    public byte[] bytes(int address, int length) {
        if (length < 0) throw Errno.EFAULT.exception();
        long start = check(address, length);
        var bytes = new byte[length];
        MemorySegment.copy(segment, BYTE, start, bytes, 0, length);
        return bytes;
    }

    /// Copies bytes in.
    public void put(int address, byte[] bytes) {
        long at = check(address, bytes.length);
        MemorySegment.copy(bytes, 0, segment, BYTE, at, bytes.length);
    }

    /// Sets bytes to zero.
    ///
    /// @param length unsigned
    public void clear(int address, int length) {
        slice(address, length).fill((byte) 0);
    }

    /// The NUL-terminated string at an address, of at most [#PATH_MAX] bytes with its NUL, else
    /// `ENAMETOOLONG`. Address 0 is C's null pointer, where there is no string: `EFAULT`. Decoded
    /// by [LinuxString#decode(byte[])].
    public String string(int address) {
        if (address == 0) throw Errno.EFAULT.exception();
        long start = check(address, 1);
        long most = start + PATH_MAX;
        long end = end(start, most);
        // It may go on where the memory has grown since this last looked.
        if (end == segment.byteSize() && end < most && refresh() > end) end = end(end, most);
        if (end == most) throw Errno.ENAMETOOLONG.exception();
        if (end == segment.byteSize()) throw Errno.EFAULT.exception();
        return string(address, (int) (end - start));
    }

    /// Where the next NUL is; else the segment's end or the most, whichever comes first.
    private long end(long from, long most) {
        long limit = Math.min(segment.byteSize(), most);
        long end = from;
        while (end < limit && segment.get(BYTE, end) != 0) end++;
        return end;
    }

    /// The string of some bytes, decoded by [LinuxString#decode(byte[])].
    public String string(int address, int length) {
        return LinuxString.decode(bytes(address, length));
    }

    /// Where in the segment some bytes begin. It may replace the segment, so it comes before any
    /// use of the field.
    private long check(int address, long length) {
        long start = Integer.toUnsignedLong(address);
        if (start + length > segment.byteSize() && start + length > refresh())
            throw Errno.EFAULT.exception();
        return start;
    }

    private long refresh() {
        segment = memory.segment();
        // One buffer spares an allocation a view; a buffer holds less than 2 GiB.
        buffer = segment.byteSize() <= Integer.MAX_VALUE ? segment.asByteBuffer() : null;
        return segment.byteSize();
    }
}
