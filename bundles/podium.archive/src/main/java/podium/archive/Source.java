package podium.archive;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// An archive that is read, entry by entry.
interface Source {

    /// The next entry, or null at the end.
    @Nullable Item next() throws IOException;

    /// The content of the entry, up to its end. It need not be read to there.
    InputStream content() throws IOException;
}
