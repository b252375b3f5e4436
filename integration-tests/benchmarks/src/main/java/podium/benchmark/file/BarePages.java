package podium.benchmark.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// The least that random access to a file can be in Java: copying between a buffer and arrays of
/// the heap, a page each. As [RandomReads] and [RandomWrites] do it, without a file.
final class BarePages implements Work {

    private static final int PAGE = PagedFile.PAGE;
    private static final int LAST = PAGE - Long.BYTES;
    private static final int PAGES = 16_384;
    private static final int READS = 65_536;
    private static final int WRITES = 16_384;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PAGE);
    private final SplittableRandom random = new SplittableRandom(2);
    private final byte[][] pages;
    private final long[] numbers;
    private final int reads;
    private final int writes;
    private long writings;

    BarePages(int divisor) {
        pages = new byte[PAGES / divisor][PAGE];
        numbers = new long[pages.length];
        reads = READS / divisor;
        writes = WRITES / divisor;
        for (int page = 0; page < pages.length; page++) write(page);
    }

    @Override
    public void run(Figures figures) throws IOException {
        figures.time("read", reads, this::read);
        figures.time("write", writes, this::write);
    }

    private void read() throws IOException {
        for (int i = 0; i < reads; i++) {
            int page = random.nextInt(pages.length);
            buffer.put(0, pages[page]);
            if (buffer.getLong(0) != numbers[page] || buffer.getLong(LAST) != numbers[page])
                throw new IOException("page " + page + " is not what was written");
        }
    }

    private void write() {
        for (int i = 0; i < writes; i++) write(random.nextInt(pages.length));
    }

    private void write(int page) {
        long number = ++writings << 32 | page;
        buffer.putLong(0, number).putLong(LAST, number);
        buffer.get(0, pages[page]);
        numbers[page] = number;
    }
}
