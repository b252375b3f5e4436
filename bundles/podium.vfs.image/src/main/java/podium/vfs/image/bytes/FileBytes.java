package podium.vfs.image.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of the host.
public final class FileBytes implements Bytes {

    private final FileChannel channel;
    private final long size;

    FileBytes(FileChannel channel) throws IOException {
        this.channel = channel;
        size = channel.size();
    }

    /// @throws IOException there is no such file, it cannot be read, or it is none that has
    ///     positions; one line for people
    public static FileBytes open(Path file) throws IOException {
        if (!Files.exists(file)) throw new IOException("there is no file " + file);
        // Opening a pipe would wait for whoever writes it.
        if (!Files.isRegularFile(file)) throw new IOException(file + " is no regular file");
        if (!Files.isReadable(file)) throw new IOException(file + " may not be read");
        var channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean done = false;
        try {
            var bytes = new FileBytes(channel);
            done = true;
            return bytes;
        } finally {
            if (!done) channel.close();
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        int before = into.position();
        while (into.hasRemaining()) {
            int count = channel.read(into, position + into.position() - before);
            if (count < 0) break;
        }
        return into.position() - before;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
