package podium.benchmark.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Writes pages of a file at random; with a sync after each hundredth, or without.
final class RandomWrites implements Work {

    private static final int PAGES = 16_384;
    private static final int WRITES = 16_384;
    private static final int SYNC = 100;

    private final PagedFile file;
    private final int writes;
    private final boolean synced;
    private final SplittableRandom random = new SplittableRandom(3);

    RandomWrites(Path root, int divisor, boolean synced) throws IOException {
        file = new PagedFile(root.resolve("write"), PAGES / divisor);
        writes = WRITES / divisor;
        this.synced = synced;
    }

    @Override
    public void run(Figures figures) throws IOException {
        file.sync(); // what there is to do from earlier rounds is not of this one
        figures.time(synced ? "write-synced" : "write", writes, this::write);
        file.check();
    }

    private void write() throws IOException {
        for (int i = 1; i <= writes; i++) {
            file.write(random.nextInt(file.pages()));
            if (synced && i % SYNC == 0) file.sync();
        }
        if (synced) file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
