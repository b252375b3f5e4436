package podium.benchmark.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/// A file of 64 MiB in pages of 4 KiB. A page's first and last eight bytes are a number, which says
/// which page it is and which writing it was; between them are bytes that are the same in all
/// pages.
final class PagedFile implements AutoCloseable {

    static final int PAGE = 4096;
    private static final int LAST = PAGE - Long.BYTES;

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PAGE);
    private final ByteBuffer middle = ByteBuffer.allocate(PAGE - 2 * Long.BYTES);

    /// The number that each page has.
    private final long[] numbers;

    private long writings;

    PagedFile(Path path, int pages) throws IOException {
        this.path = path;
        numbers = new long[pages];
        new SplittableRandom(1).nextBytes(middle.array());
        buffer.put(Long.BYTES, middle, 0, middle.capacity());
        channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        for (int page = 0; page < pages; page++) write(page);
    }

    int pages() {
        return numbers.length;
    }

    void write(int page) throws IOException {
        long number = ++writings << 32 | page;
        buffer.clear().putLong(0, number).putLong(LAST, number);
        long position = (long) page * PAGE;
        while (buffer.hasRemaining()) channel.write(buffer, position + buffer.position());
        numbers[page] = number;
    }

    /// Reads a page, and looks at its number.
    void read(int page) throws IOException {
        buffer.clear();
        long position = (long) page * PAGE;
        while (buffer.hasRemaining())
            if (channel.read(buffer, position + buffer.position()) < 0)
                throw new IOException("page " + page + " is not there");
        if (buffer.getLong(0) != numbers[page] || buffer.getLong(LAST) != numbers[page])
            throw new IOException("page " + page + " is not what was written");
    }

    void sync() throws IOException {
        channel.force(true);
    }

    /// Reads all of it, byte by byte.
    void check() throws IOException {
        for (int page = 0; page < pages(); page++) {
            read(page);
            if (!buffer.slice(Long.BYTES, middle.capacity()).equals(middle))
                throw new IOException("page " + page + " is not what was written");
        }
        if (channel.size() != (long) pages() * PAGE)
            throw new IOException("the file is of another size: " + channel.size());
    }

    /// Removes it.
    @Override
    public void close() throws IOException {
        channel.close();
        Files.delete(path);
    }
}
