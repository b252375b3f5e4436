package podium.vfs.image.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/// What was compressed, unpacked to a temporary file: it takes room on disk and none in memory. On
/// Linux the file loses its name before anything is in it, so that not even a crash leaves it.
public final class Unpacked {

    private static final int PORTION = 1 << 16;

    private Unpacked() {}

    /// Unpacks all of a stream.
    ///
    /// @param most bytes that it may have
    /// @throws IOException there are more, or it cannot be read or kept; one line for people
    public static Bytes of(InputStream from, long most) throws IOException {
        var name = Files.createTempFile("podium", ".image");
        return FileBytes.open(
                name,
                "rw",
                file -> copy(from, file, most),
                StandardOpenOption.READ,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static void copy(InputStream from, RandomAccessFile to, long most) throws IOException {
        var portion = new byte[PORTION];
        long size = 0;
        for (int count = from.read(portion); count >= 0; count = from.read(portion)) {
            size += count;
            if (size > most)
                throw new IOException(
                        "unpacked it is larger than %d bytes, the limit".formatted(most));
            to.write(portion, 0, count);
        }
    }
}
