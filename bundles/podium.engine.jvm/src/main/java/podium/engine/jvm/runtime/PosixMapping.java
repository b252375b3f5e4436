package podium.engine.jvm.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import podium.engine.MemoryImage;
import podium.engine.OutOfMemoryException;

/// Anonymous memory of Linux, reserved without being counted. An image is laid over it by mapping
/// the image's file
/// privately, so that instances share its pages until they write them.
final class PosixMapping implements Mapping {

    /// Bytes after the memory that stay inaccessible, so that the system keeps neighbours apart.
    private static final long GUARD = 65_536;

    private final long size;
    private final long address;
    private final Arena arena = Arena.ofShared();

    private boolean closed;

    PosixMapping(long size) {
        this.size = size;
        int flags = Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS | Posix.MAP_NORESERVE;
        address = Posix.mmap(0, size + GUARD, Posix.PROT_NONE, flags, -1);
        if (address == Posix.MAP_FAILED)
            throw new OutOfMemoryException("no address space for a memory of " + size + " bytes");
        if (size == 0) return;
        flags |= Posix.MAP_FIXED;
        if (Posix.mmap(address, size, Posix.PROT_READ_WRITE, flags, -1) == address) return;
        Posix.munmap(address, size + GUARD);
        throw new OutOfMemoryException("no memory of " + size + " bytes");
    }

    static boolean available() {
        return Posix.available();
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public MemorySegment segment(long size) {
        return MemorySegment.ofAddress(address).reinterpret(size, arena, null);
    }

    @Override
    public void load(MemoryImage image) {
        var file = ImageFile.of(image);
        if (file == null) {
            image.copyTo(segment((long) image.pages() * podium.engine.MemoryType.PAGE));
            return;
        }
        if (file.size() == 0) return;
        long mapped =
                Posix.mmap(
                        address,
                        file.size(),
                        Posix.PROT_READ_WRITE,
                        Posix.MAP_PRIVATE | Posix.MAP_FIXED | Posix.MAP_NORESERVE,
                        file.descriptor());
        if (mapped != address) throw new OutOfMemoryException("a memory image cannot be mapped");
    }

    @Override
    public long resident(long size) {
        return Residency.of(address, address + this.size);
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        arena.close();
        Posix.munmap(address, size + GUARD);
    }
}
