package podium.archive;

import java.io.IOException;
import java.io.OutputStream;

/// An archive that is written, entry by entry.
interface Sink {

    /// Whether it has hard links; otherwise a file is archived once for each of its names.
    boolean hardLinks();

    /// Begins an entry.
    ///
    /// @return where its content goes, exactly as long as the entry says
    OutputStream begin(Item item) throws IOException;

    /// Ends the entry that was begun.
    void end() throws IOException;

    /// Ends the archive. The stream below stays open.
    void finish() throws IOException;
}
