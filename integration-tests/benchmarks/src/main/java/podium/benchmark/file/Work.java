package podium.benchmark.file;

import java.io.Closeable;
import java.io.IOException;

/// What is done once a round. It leaves the tree as it was.
interface Work extends Closeable {

    void run(Figures figures) throws IOException;

    /// Removes what the rounds had in common.
    @Override
    default void close() throws IOException {}
}
