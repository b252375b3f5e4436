package podium.vfs.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import podium.syscall.Errno;

/// A thread's memory for the arguments of system calls: errno, two paths, a structure, and bytes in
/// transit. One call at a time uses it.
final class Scratch {

    /// Bytes that pass through at once where a buffer has no address of its own.
    static final int BYTES = 1 << 16;

    private static final int PATH = 4096;
    private static final int STRUCTURE = 256;
    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    final MemorySegment errno;
    final MemorySegment structure;
    final MemorySegment bytes;
    private final MemorySegment first;
    private final MemorySegment second;

    private Scratch() {
        var all = Arena.ofAuto().allocate(8 + STRUCTURE + 2 * PATH + BYTES, 8);
        errno = all.asSlice(0, 8);
        structure = all.asSlice(8, STRUCTURE);
        first = all.asSlice(8 + STRUCTURE, PATH);
        second = all.asSlice(8 + STRUCTURE + PATH, PATH);
        bytes = all.asSlice(8 + STRUCTURE + 2 * PATH, BYTES);
    }

    static Scratch own() {
        return OWN.get();
    }

    /// The address of a path.
    long path(byte[] path) {
        return put(path, first);
    }

    /// The address of a call's second path.
    long other(byte[] path) {
        return put(path, second);
    }

    private static long put(byte[] path, MemorySegment into) {
        if (path.length >= PATH) throw Errno.ENAMETOOLONG.exception();
        MemorySegment.copy(path, 0, into, ValueLayout.JAVA_BYTE, 0, path.length);
        into.set(ValueLayout.JAVA_BYTE, path.length, (byte) 0);
        return into.address();
    }

    int getInt(long offset) {
        return structure.get(ValueLayout.JAVA_INT, offset);
    }

    long getLong(long offset) {
        return structure.get(ValueLayout.JAVA_LONG, offset);
    }

    void setLong(long offset, long value) {
        structure.set(ValueLayout.JAVA_LONG, offset, value);
    }
}
