package podium.engine.jvm.runtime;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import podium.engine.MemoryImage;

/// An anonymous file with the content of a memory image, to be mapped. Made once for each image and
/// closed when nobody
/// has the image any more.
final class ImageFile {

    private static final Cleaner CLEANER = Cleaner.create();
    private static final Map<int[], ImageFile> FILES =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final int descriptor;
    private final long size;

    private ImageFile(int descriptor, long size) {
        this.descriptor = descriptor;
        this.size = size;
    }

    int descriptor() {
        return descriptor;
    }

    long size() {
        return size;
    }

    /// The file of an image, or null if none can be made. Images are told apart by their index
    /// array's identity.
    static @Nullable ImageFile of(MemoryImage image) {
        synchronized (FILES) {
            var file = FILES.get(image.index());
            if (file == null) {
                file = create(image);
                if (file != null) FILES.put(image.index(), file);
            }
            return file;
        }
    }

    private static @Nullable ImageFile create(MemoryImage image) {
        int descriptor = Posix.memfd("podium-image");
        if (descriptor < 0) return null;
        var index = image.index();
        long size = index.length == 0 ? 0 : (index[index.length - 1] + 1L) * MemoryImage.BLOCK;
        try (var channel =
                FileChannel.open(
                        Path.of("/proc/self/fd/" + descriptor), StandardOpenOption.WRITE)) {
            write(channel, image);
        } catch (IOException e) {
            Posix.close(descriptor);
            return null;
        }
        CLEANER.register(index, () -> Posix.close(descriptor));
        return new ImageFile(descriptor, size);
    }

    /// Writes runs of adjacent blocks at once.
    private static void write(FileChannel channel, MemoryImage image) throws IOException {
        var index = image.index();
        var content = ByteBuffer.wrap(image.blocks());
        for (int i = 0; i < index.length; ) {
            int end = i + 1;
            while (end < index.length && index[end] == index[end - 1] + 1) end++;
            content.limit(end * MemoryImage.BLOCK).position(i * MemoryImage.BLOCK);
            long position = (long) index[i] * MemoryImage.BLOCK;
            while (content.hasRemaining()) position += channel.write(content, position);
            i = end;
        }
    }
}
