package podium.vfs.image.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/// What was compressed, unpacked to a temporary file: it takes room on disk and none in memory. On
/// Linux the file loses its name as soon as it is open, so that not even a crash leaves it.
public final class Unpacked {

    private static final int PORTION = 1 << 16;

    private Unpacked() {}

    /// Unpacks all of a stream.
    ///
    /// @param most bytes that it may have
    /// @throws IOException there are more, or it cannot be read or kept; one line for people
    public static Bytes of(InputStream from, long most) throws IOException {
        var name = Files.createTempFile("podium", ".image");
        var channel =
                FileChannel.open(
                        name,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
        boolean done = false;
        try {
            copy(from, channel, most);
            var bytes = new FileBytes(channel);
            done = true;
            return bytes;
        } finally {
            if (!done) channel.close();
        }
    }

    private static void copy(InputStream from, FileChannel to, long most) throws IOException {
        var portion = new byte[PORTION];
        long size = 0;
        for (int count = from.read(portion); count >= 0; count = from.read(portion)) {
            size += count;
            if (size > most)
                throw new IOException(
                        "unpacked it is larger than %d bytes, the limit".formatted(most));
            for (var bytes = ByteBuffer.wrap(portion, 0, count); bytes.hasRemaining(); )
                to.write(bytes);
        }
    }
}
