package podium.engine.jvm.runtime;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import podium.engine.MemoryImage;
import podium.engine.MemoryType;
import podium.engine.OutOfMemoryException;

/// Memory on any platform: a sparse temporary file, mapped privately, whose pages are copied when
/// they are written.
final class FileMapping implements Mapping {

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    FileMapping(long size) {
        try {
            var file = Files.createTempFile("podium", ".memory");
            try (var channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.SPARSE,
                            StandardOpenOption.DELETE_ON_CLOSE)) {
                memory = channel.map(FileChannel.MapMode.PRIVATE, 0, Math.max(size, 4096), arena);
            }
        } catch (IOException e) {
            arena.close();
            throw new OutOfMemoryException("no memory of " + size + " bytes: " + e.getMessage());
        }
    }

    @Override
    public long address() {
        return memory.address();
    }

    @Override
    public MemorySegment segment(long size) {
        return memory.asSlice(0, size);
    }

    @Override
    public void load(MemoryImage image) {
        image.copyTo(segment((long) image.pages() * MemoryType.PAGE));
    }

    @Override
    public long resident(long size) {
        return size;
    }

    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) arena.close();
    }
}
