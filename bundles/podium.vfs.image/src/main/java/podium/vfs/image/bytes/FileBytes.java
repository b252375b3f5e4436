package podium.vfs.image.bytes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of the host.
public final class FileBytes implements Bytes {

    private static final int PORTION = 1 << 16;

    /// Several threads can read through it, but one that is interrupted closes it to all of them.
    private final FileChannel channel;

    /// Then they take turns at this, which no interrupt closes.
    private final RandomAccessFile file;

    private final long size;

    /// @param file, channel of the same file, both closed with it, or by the caller when this fails
    FileBytes(RandomAccessFile file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        size = file.length();
    }

    /// @throws IOException there is no such file, it cannot be read, or it is none that has
    ///     positions; one line for people
    public static FileBytes open(Path path) throws IOException {
        if (!Files.exists(path)) throw new IOException("there is no file " + path);
        // Opening a pipe would wait for whoever writes it.
        if (!Files.isRegularFile(path)) throw new IOException(path + " is no regular file");
        if (!Files.isReadable(path)) throw new IOException(path + " may not be read");
        return open(path, "r", _ -> {}, StandardOpenOption.READ);
    }

    /// Puts something into a file.
    interface Filler {
        void fill(RandomAccessFile file) throws IOException;
    }

    /// @param mode as [RandomAccessFile] has it
    static FileBytes open(Path path, String mode, Filler filler, StandardOpenOption... options)
            throws IOException {
        FileBytes bytes = null;
        FileChannel channel = null;
        var file = new RandomAccessFile(path.toFile(), mode);
        try {
            channel = FileChannel.open(path, options);
            filler.fill(file);
            bytes = new FileBytes(file, channel);
            return bytes;
        } finally {
            if (bytes == null) {
                file.close();
                if (channel != null) channel.close();
            }
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        int before = into.position();
        try {
            while (into.hasRemaining()) {
                int count = channel.read(into, position + into.position() - before);
                if (count < 0) break;
            }
        } catch (ClosedChannelException _) {
            readInTurn(into, position + into.position() - before);
        }
        return into.position() - before;
    }

    private synchronized void readInTurn(ByteBuffer into, long position) throws IOException {
        file.seek(position);
        var portion = new byte[Math.min(into.remaining(), PORTION)];
        while (into.hasRemaining()) {
            int count = file.read(portion, 0, Math.min(into.remaining(), portion.length));
            if (count < 0) break;
            into.put(portion, 0, count);
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            channel.close();
        }
    }
}
