package podium.vfs.object;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.vfs.store.DiskFile;

/// What a process that was killed has left in its cache is written over by the next.
class ObjectDiskTest {

    private static final String NAME = "data-00000001";

    @TempDir Path directory;

    private final MemoryBucket bucket = new MemoryBucket();

    private ObjectDisk disk(String cache) throws IOException {
        var options = Mounts.options(directory.resolve(cache));
        return ObjectFileSystemType.disk(bucket, options, Mounts.STILL, false);
    }

    private static void write(DiskFile file, String text, long position) throws IOException {
        file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), position);
    }

    private static String read(DiskFile file) throws IOException {
        var bytes = ByteBuffer.allocate((int) file.size());
        file.read(bytes, 0);
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }

    private interface Step {
        void run() throws IOException;
    }

    /// Does something when content was read, and before it is in the bucket.
    private void onNextEntry(Step step) {
        var done = new AtomicBoolean();
        bucket.fault =
                (call, key, _) -> {
                    if (!call.equals("create") || done.getAndSet(true)) return;
                    try {
                        step.run();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                };
    }

    @Test
    void whatIsWrittenOverWhileItGoesToTheBucketIsKept() throws Exception {
        // A frame that ends in the middle.
        try (var disk = disk("first");
                var file = disk.create(NAME)) {
            write(file, "known torn", 0);
            file.force();
            Mounts.copy(directory.resolve("first"), directory.resolve("second"));
        }
        try (var disk = disk("second");
                var file = disk.open(NAME)) {
            write(file, "     ", 5);
            onNextEntry(() -> write(file, " new.", 5));
            disk.settle();
            file.force();
            write(file, " more", 10);
            file.force();
            Mounts.copy(directory.resolve("second"), directory.resolve("third"));
        }
        try (var disk = disk("third");
                var file = disk.open(NAME)) {
            assertEquals("known new. more", read(file));
        }
    }
}
