package podium.vfs.image;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Where an image's files come from: a bundle, an archive. Its content does not change while it is
/// in use. Thread-safe.
public interface ImageSource {

    /// Tells all entries. Of two with one path the later one counts, but directories are merged;
    /// those on the way to an entry may be left out.
    ///
    /// @throws IOException it cannot be read, or makes no sense; one line for people
    void entries(Visitor visitor) throws IOException;

    /// A file's size, where [Visitor#file(String, long, Facts)] was not told it.
    ///
    /// @return in bytes, or -1 when it takes reading all of it
    default long size(String path) throws IOException {
        return -1;
    }

    /// A file's digest, where the source has one.
    ///
    /// @return as [podium.vfs.Node.Regular#sha256()]
    default @Nullable String sha256(String path) throws IOException {
        return null;
    }

    /// The content of a file that was told without it.
    ///
    /// @param path as it was told
    default InputStream open(String path) throws IOException {
        throw new FileNotFoundException(path);
    }

    /// Receives entries. Paths are relative, their parts separated by one `/`; the root's is empty.
    /// Every method throws [IOException] for what has no place in an image; one line for people.
    interface Visitor {

        /// @param facts null when the source only has the name
        void directory(String path, @Nullable Facts facts) throws IOException;

        /// A file that is read through its source.
        ///
        /// @param size in bytes, or -1 when [#size] is to be asked, once it matters
        void file(String path, long size, Facts facts) throws IOException;

        void file(String path, Content content, Facts facts) throws IOException;

        /// A symbolic link.
        void link(String path, String target, Facts facts) throws IOException;

        /// A FIFO, socket or device.
        ///
        /// @param type of [podium.vfs.Mode]
        /// @param device as [podium.vfs.Attributes#device()]
        void special(String path, int type, long device, Facts facts) throws IOException;

        /// A further name of something told before that is no directory.
        void hardLink(String path, String existing) throws IOException;
    }
}
