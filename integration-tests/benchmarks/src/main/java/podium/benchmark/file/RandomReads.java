package podium.benchmark.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Reads pages of a file at random.
final class RandomReads implements Work {

    private static final int PAGES = 16_384;
    private static final int READS = 65_536;

    private final PagedFile file;
    private final int reads;
    private final SplittableRandom random = new SplittableRandom(2);

    RandomReads(Path root, int divisor) throws IOException {
        file = new PagedFile(root.resolve("read"), PAGES / divisor);
        reads = READS / divisor;
    }

    @Override
    public void run(Figures figures) throws IOException {
        figures.time("read", reads, this::read);
        file.check();
    }

    private void read() throws IOException {
        for (int i = 0; i < reads; i++) file.read(random.nextInt(file.pages()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
