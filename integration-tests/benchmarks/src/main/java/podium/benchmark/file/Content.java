package podium.benchmark.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/// What is in files: parts of one long row of bytes, which begin elsewhere for each file.
final class Content {

    private final ByteBuffer bytes;

    /// @param longest file there will be
    Content(int longest) {
        var made = new byte[longest + (1 << 16)];
        new SplittableRandom(4).nextBytes(made);
        bytes = ByteBuffer.allocateDirect(made.length).put(made).flip();
    }

    /// Makes a file of a size.
    ///
    /// @param number the file's, which decides what is in it
    void create(Path file, int number, int size, boolean synced) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var content = of(number, size);
            while (content.hasRemaining()) channel.write(content);
            if (synced) channel.force(true);
        }
    }

    void check(Path file, int number, int size) throws IOException {
        var found = Files.readAllBytes(file);
        if (found.length != size) throw new IOException(file + " has " + found.length + " bytes");
        check(found, number);
    }

    /// That bytes are those of a file.
    void check(byte[] found, int number) throws IOException {
        if (!ByteBuffer.wrap(found).equals(of(number, found.length)))
            throw new IOException("file " + number + " is not what was written");
    }

    /// What is in a file, as an array of its own.
    byte[] copy(int number, int size) {
        var copy = new byte[size];
        of(number, size).get(copy);
        return copy;
    }

    private ByteBuffer of(int number, int size) {
        return bytes.slice(number * 31 & 0xffff, size);
    }
}
